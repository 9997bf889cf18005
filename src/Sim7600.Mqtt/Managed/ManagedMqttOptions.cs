using Sim7600.Driver.Lifecycle;

namespace Sim7600.Mqtt;

/// <summary>How to keep a connection to a broker and deliver what is put into the outbox. Immutable; change a copy with <c>with</c>.</summary>
public sealed record ManagedMqttOptions
{
    /// <summary>The modem, and how to recover; its recovery options hold also for the connection.</summary>
    public required ModemSupervisorOptions Modem { get; init; }

    /// <summary>The connection. Give it a client id that stays the same, so that a program that restarts is the same client to the broker.</summary>
    public required MqttConnectOptions Connection { get; init; }

    /// <summary>
    /// The file of the outbox: messages in it outlive this process. Null keeps them in memory. One program may use a file at a time.
    /// </summary>
    public string? OutboxPath { get; init; }

    /// <summary>The outbox's limits; its clock is the modem's.</summary>
    public OutboxOptions Outbox { get; init; } = new();

    /// <summary>How many received messages may wait for <see cref="ManagedMqttClient.Messages"/>, 1 or more.</summary>
    public int ReceiveCapacity { get; init; } = 1024;

    /// <summary>What happens beyond <see cref="ReceiveCapacity"/>.</summary>
    public ReceiveOverflow ReceiveOverflow { get; init; } = ReceiveOverflow.DropOldest;

    /// <summary>How often the broker may refuse for a reason that does not pass by itself (27, 28, 30, 31, 33) before the client is <see cref="ManagedMqttState.Faulted"/>.</summary>
    public int RefusalLimit { get; init; } = 3;

    /// <summary>How long disposing lets a publish that is under way end.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Refuses what makes no sense. Starting does so too.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message never holds a secret.</exception>
    public void Validate()
    {
        Modem.Validate();
        Connection.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(ReceiveCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RefusalLimit, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(DrainTimeout, TimeSpan.Zero);
        if (OutboxPath is not null)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(OutboxPath);
        }
    }
}
