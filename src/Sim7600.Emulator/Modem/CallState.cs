using System.Globalization;

namespace Sim7600.Emulator.Modem;

/// <summary>The voice call of the modem, one at a time, and how the network treats it. On the modem's loop.</summary>
internal sealed class CallState(VirtualModem modem) : INetworkService
{
    private static readonly TimeSpan RingEvery = TimeSpan.FromSeconds(5);
    private IDisposable? _next;
    private DateTimeOffset _answeredAt;

    /// <summary>What becomes of the next calls, in order; after the last one <see cref="Outcome"/> counts.</summary>
    public Queue<CallOutcome> Outcomes { get; } = new();

    /// <summary>What becomes of a call.</summary>
    public CallOutcome Outcome { get; set; } = CallOutcome.Rings;

    /// <summary>How long the network needs to decide.</summary>
    public TimeSpan SetUpTime { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Answers of services such as <c>*100#</c>; others are told that the service is unknown.</summary>
    public Dictionary<string, string> ServiceAnswers { get; } = new(StringComparer.Ordinal);

    public CallPhase Phase { get; private set; } = CallPhase.None;

    public string Number { get; private set; } = "";

    /// <summary>Dials; what becomes of it is printed later.</summary>
    public void Dial(string number)
    {
        CallOutcome outcome = !modem.IsRegistered ? CallOutcome.Unreachable : Outcomes.TryDequeue(out CallOutcome next) ? next : Outcome;
        Number = number;
        Phase = CallPhase.Dialling;
        _next = modem.After(SetUpTime, () =>
        {
            switch (outcome)
            {
                case CallOutcome.Answered:
                    Connected();
                    break;
                case CallOutcome.Rings:
                    Phase = CallPhase.Alerting;
                    break;
                default:
                    End();
                    modem.WriteUrc(outcome == CallOutcome.Busy ? "BUSY" : "NO CARRIER");
                    break;
            }
        });
    }

    /// <summary>Somebody calls.</summary>
    public void Ring(string number)
    {
        if (Phase == CallPhase.None && modem.IsRegistered)
        {
            Number = number;
            Phase = CallPhase.Incoming;
            Ringing();
        }
    }

    /// <summary>Takes an incoming call.</summary>
    /// <returns>False when there is none.</returns>
    public bool Answer()
    {
        if (Phase != CallPhase.Incoming)
        {
            return false;
        }

        _next?.Dispose();
        Connected();
        return true;
    }

    /// <summary>Ends the call, whatever its state; a call that was answered is reported with its length.</summary>
    public void HangUp()
    {
        bool wasActive = Phase == CallPhase.Active;
        TimeSpan length = modem.Options.TimeProvider.GetUtcNow() - _answeredAt;
        End();
        if (wasActive)
        {
            modem.WriteUrc(string.Create(CultureInfo.InvariantCulture, $"VOICE CALL: END: {length:hhmmss}"));
        }
    }

    /// <inheritdoc/>
    public void NetworkLost()
    {
        if (Phase != CallPhase.None && !modem.IsRegistered)
        {
            HangUp();
            modem.WriteUrc("NO CARRIER");
        }
    }

    /// <inheritdoc/>
    public void Abort() => End();

    private void Connected()
    {
        Phase = CallPhase.Active;
        _answeredAt = modem.Options.TimeProvider.GetUtcNow();
        modem.WriteUrc("VOICE CALL: BEGIN");
    }

    private void Ringing()
    {
        modem.WriteUrc("RING");
        if (modem.Settings.Calls.GetValueOrDefault("+CLIP", [0])[0] == 1)
        {
            modem.WriteUrc($"+CLIP: \"{Number}\",{(Number.StartsWith('+') ? 145 : 129)},,,,0");
        }

        _next = modem.After(RingEvery, Ringing);
    }

    private void End()
    {
        _next?.Dispose();
        _next = null;
        Phase = CallPhase.None;
        Number = "";
    }
}
