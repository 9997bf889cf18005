using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MQTTnet.Protocol;
using Sim7600.Driver.Lifecycle;
using Sim7600.Driver.Recovery;
using Sim7600.Mqtt.Commands;
using Sim7600.Mqtt.Diagnostics;

namespace Sim7600.Mqtt;

/// <summary>
/// A client that stays: it keeps the modem online and the connection up, subscribes again after each loss, and publishes what was put into its
/// outbox, at least once each message, over losses of connection, network, modem, port and, with a file, of this process.
/// </summary>
/// <example>
/// <code>
/// await using ManagedMqttClient client = await ManagedMqttClient.StartAsync(new()
/// {
///     Modem = new() { PortName = "/dev/ttyUSB2" },
///     Connection = new() { Broker = new("mqtt://broker:1883"), ClientId = "node-7" },
///     OutboxPath = "node-7.outbox",
/// }, ct);
/// await client.EnqueueAsync("plant/7/temp", "21.5"u8.ToArray(), ct: ct);       // safe from here on
/// await foreach (MqttMessage message in client.Messages.ReadAllAsync(ct)) { … }
/// </code>
/// </example>
public sealed partial class ManagedMqttClient : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MqttQualityOfServiceLevel> _filters = new(StringComparer.Ordinal);

    // One SUB or UNSUB at a time, and each looks first whether it is still wanted: then the last word of the program is the modem's too.
    private readonly SemaphoreSlim _filterTurn = new(1, 1);
    private readonly Channel<MqttMessage> _messages;
    private readonly Broadcast<ManagedMqttTransition> _steps = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandoning;
    private readonly RecoveryLadder _ladder;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Task _running = Task.CompletedTask;
    private readonly Readiness<ManagedMqttTransition> _connected = new();
    private TaskCompletionSource _retry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Sim7600MqttClient? _client;
    private volatile ManagedMqttTransition? _latest;
    private long _dropped;
    private int _disposed;

    private ManagedMqttClient(ManagedMqttOptions options, Outbox outbox)
    {
        Options = options;
        Outbox = outbox;
        Supervisor = new ModemSupervisor(options.Modem);
        _time = Supervisor.TimeProvider;
        _abandoning = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        _logger = options.Modem.Modem.Channel.LoggerFactory.CreateLogger<ManagedMqttClient>();
        _ladder = new RecoveryLadder(options.Modem.Recovery, options.Modem.Recovery.ConnectionRungs);
        _messages = Channel.CreateBounded<MqttMessage>(
            new BoundedChannelOptions(options.ReceiveCapacity)
            {
                FullMode = options.ReceiveOverflow == ReceiveOverflow.DropOldest ? BoundedChannelFullMode.DropOldest : BoundedChannelFullMode.DropWrite,
            },
            _ => CountDropped());
    }

    /// <summary>The options.</summary>
    public ManagedMqttOptions Options { get; }

    /// <summary>The modem's supervisor; the client owns it.</summary>
    public ModemSupervisor Supervisor { get; }

    /// <summary>The outbox, for its counters and events; the client owns it.</summary>
    public Outbox Outbox { get; }

    /// <summary>What it is doing now.</summary>
    public ManagedMqttState State => _latest?.State ?? ManagedMqttState.WaitingForModem;

    /// <summary>The step that led to <see cref="State"/>; null before the first.</summary>
    public ManagedMqttTransition? LatestTransition => _latest;

    /// <summary>The received messages, in the order in which they came. The reader completes when the client is disposed.</summary>
    public ChannelReader<MqttMessage> Messages => _messages.Reader;

    /// <summary>How many received messages were dropped because <see cref="Messages"/> was not read fast enough.</summary>
    public long DroppedMessages => Interlocked.Read(ref _dropped);

    /// <summary>Opens the outbox and begins. It does not wait for the modem.</summary>
    /// <param name="options">What to do and how.</param>
    /// <param name="ct">Gives up opening the outbox.</param>
    /// <returns>The client; dispose it to end.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="OutboxStoreException">The outbox's file cannot be used; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<ManagedMqttClient> StartAsync(ManagedMqttOptions options, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        IOutboxStore store = options.OutboxPath is { } path ? await SqliteOutboxStore.OpenAsync(path, cancellationToken: ct).ConfigureAwait(false) : new MemoryOutboxStore();
        return await StartAsync(options, store, ct).ConfigureAwait(false);
    }

    internal static async Task<ManagedMqttClient> StartAsync(ManagedMqttOptions options, IOutboxStore store, CancellationToken ct)
    {
        OutboxOptions limits = options.Outbox with { TimeProvider = options.Modem.Modem.Channel.TimeProvider };
        Outbox outbox = await Outbox.OpenAsync(store, limits, ct).ConfigureAwait(false);
        var client = new ManagedMqttClient(options, outbox);
        outbox.Owner = options.Modem.PortName;
        MqttTelemetry.Show(client);
        client.Supervisor.Start();
        client._running = Task.Run(client.RunAsync, CancellationToken.None);
        return client;
    }

    /// <summary>Takes a message over; it is published when there is a connection, before or after this process ends.</summary>
    /// <inheritdoc cref="Outbox.EnqueueAsync" path="/param"/>
    /// <inheritdoc cref="Outbox.EnqueueAsync" path="/returns"/>
    /// <inheritdoc cref="Outbox.EnqueueAsync" path="/exception"/>
    public Task<OutboxReceipt> EnqueueAsync(
        string topic,
        ReadOnlyMemory<byte> payload,
        MqttQualityOfServiceLevel qos = MqttQualityOfServiceLevel.AtLeastOnce,
        bool retain = false,
        string? tag = null,
        CancellationToken ct = default) => Outbox.EnqueueAsync(topic, payload, qos, retain, tag, ct);

    /// <summary>Wants the messages of a filter, from now on and after each loss. Without a connection it only remembers it.</summary>
    /// <param name="filter">The topic filter, 1 to 1024 bytes; <c>+</c> and <c>#</c> are wildcards.</param>
    /// <param name="qos">The highest QoS that the broker should send with.</param>
    /// <param name="ct">Gives up waiting; the filter stays wanted, and subscribing goes on.</param>
    /// <returns>A task that completes when it stands, or is remembered.</returns>
    /// <exception cref="ArgumentException">The filter is not valid, or cannot be carried.</exception>
    /// <exception cref="MqttSubscribeException">The broker or the modem refused it; it is not wanted any more.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task SubscribeAsync(string filter, MqttQualityOfServiceLevel qos = MqttQualityOfServiceLevel.AtMostOnce, CancellationToken ct = default)
    {
        _ = Cmqtt.FilterBytes(filter, nameof(filter));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)qos, 2u, nameof(qos));
        Sim7600MqttClient? client;
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        lock (_gate)
        {
            _filters[filter] = qos;
            client = _client;
        }

        if (client is null)
        {
            return;
        }

        ct.ThrowIfCancellationRequested();
        Task subscribing = SubscribeOnAsync(client, filter, qos);
        try
        {
            await subscribing.WaitAsync(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Whoever gave up waiting does not look any more.
            _ = subscribing.ContinueWith(task => _ = task.Exception, TaskScheduler.Default);
            throw;
        }
    }

    private async Task SubscribeOnAsync(Sim7600MqttClient client, string filter, MqttQualityOfServiceLevel qos)
    {
        await _filterTurn.WaitAsync(CancellationToken.None).ConfigureAwait(false); // who has it ends with its command
        try
        {
            if (IsWanted(filter, qos))
            {
                await client.SubscribeFilterAsync(filter, qos, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (MqttSubscribeException)
        {
            lock (_gate)
            {
                _filters.Remove(filter);
            }

            throw;
        }
        catch (MqttConnectionLostException)
        {
            // The next connection subscribes to it.
        }
        catch (Driver.AtException exception)
        {
            // The connection may outlive this, so that no next one would come by itself.
            client.Distrust($"whether it has the subscription to {filter} is unknown: {exception.Message.TrimEnd('.')}");
        }
        finally
        {
            _filterTurn.Release();
        }
    }

    private bool IsWanted(string filter, MqttQualityOfServiceLevel qos)
    {
        lock (_gate)
        {
            return _filters.TryGetValue(filter, out MqttQualityOfServiceLevel wanted) && wanted == qos;
        }
    }

    /// <summary>Does not want the messages of a filter any more.</summary>
    /// <param name="filter">The filter as it was subscribed.</param>
    /// <param name="ct">Gives up waiting; the filter is not wanted any more in any case.</param>
    /// <returns>A task that completes when it is done.</returns>
    /// <exception cref="MqttSubscribeException">The broker or the modem refused; after the next loss it is gone nevertheless.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task UnsubscribeAsync(string filter, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        Sim7600MqttClient? client;
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        lock (_gate)
        {
            client = _filters.Remove(filter) ? _client : null;
        }

        if (client is null)
        {
            return;
        }

        await _filterTurn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            bool isWantedAgain;
            lock (_gate)
            {
                isWantedAgain = _filters.ContainsKey(filter);
            }

            if (!isWantedAgain)
            {
                await client.UnsubscribeFilterAsync(filter, ct).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is MqttConnectionLostException or Driver.AtException)
        {
            // The next connection does not have it.
        }
        finally
        {
            _filterTurn.Release();
        }
    }

    /// <summary>Waits until it is connected.</summary>
    /// <param name="ct">Gives up waiting; the client goes on.</param>
    /// <returns>A task that completes while it is connected.</returns>
    /// <exception cref="MqttFaultedException">It gave up or was disposed; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task WaitConnectedAsync(CancellationToken ct = default) => _connected.WaitAsync(ct);

    /// <summary>Tries again after <see cref="ManagedMqttState.Faulted"/>; without effect otherwise.</summary>
    public void Retry()
    {
        lock (_gate)
        {
            if (State == ManagedMqttState.Faulted)
            {
                _retry.TrySetResult();
            }
        }
    }

    /// <summary>Follows what it does from now on. A reader that is too slow misses the oldest steps, never the newest.</summary>
    /// <param name="ct">Ends it.</param>
    /// <returns>The steps; the sequence ends when the client is disposed.</returns>
    public IAsyncEnumerable<ManagedMqttTransition> WatchAsync(CancellationToken ct = default) => _steps.Follow(ct);

    /// <summary>Disconnects orderly, when it can, and closes outbox and modem. What is in an outbox's file stays there for the next start.</summary>
    /// <returns>A task that completes within <see cref="ManagedMqttOptions.DrainTimeout"/> and the time that disconnecting takes.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            _abandoning.CancelAfter(Options.DrainTimeout);
        }

        await _running.ConfigureAwait(false);
        _abandoning.Dispose(); // its timer, which would outlive the client by the rest of the drain time
    }

    private void CountDropped()
    {
        _logger.ReceivedDropped(Options.Connection.ClientIndex, Options.ReceiveCapacity, Interlocked.Increment(ref _dropped));
        MqttTelemetry.MessageDropped(Options.Modem.PortName, Options.Connection.ClientIndex, "reader_slow");
    }
}
