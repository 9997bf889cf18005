using MQTTnet.Packets;
using Sim7600.Emulator.Broker;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Faults;

/// <summary>One connection on its way to a broker: delays, swallows or refuses what passes, as the faults of the moment say.</summary>
internal sealed class FaultySession : IBrokerSession, ISessionEvents
{
    /// <summary>How often TCP sends a packet before it is taken as lost for good; 127 s have passed then.</summary>
    private const int Sendings = 7;

    private readonly VirtualModem _modem;
    private readonly ISessionEvents _events;
    private readonly IBrokerSession _session;
    private readonly Action<FaultySession> _forget;
    private readonly bool _answersAtOnce;
    private volatile bool _isBroken;
    private TimeSpan _lastDue;
    private int _waiting;

    public FaultySession(VirtualModem modem, IBrokerBridge bridge, ISessionEvents events, Action<FaultySession> forget)
    {
        _modem = modem;
        _events = events;
        _forget = forget;
        _answersAtOnce = bridge.AnswersAtOnce;
        _session = bridge.CreateSession(this);
    }

    /// <summary>Carries nothing any more, in both directions, and tells nobody.</summary>
    public void Break() => _isBroken = true;

    /// <summary>The server closes it.</summary>
    public void Close()
    {
        if (!_isBroken)
        {
            _events.ConnectionLost(cause: 1);
        }
    }

    public async Task<CmqttResultCode> ConnectAsync(ConnectRequest request, CancellationToken cancellationToken)
    {
        if (Faults.Find<BrokerRestart>() is not null)
        {
            return CmqttResultCode.SocketConnectFailed;
        }

        if (!IsSilent && request.Tls is not null && Faults.Take<BrokerTlsFailure>() is not null)
        {
            return CmqttResultCode.HandshakeFailed;
        }

        return await PassAsync(
            () => Faults.Take<BrokerRefuse>() is { } refusal ? Task.FromResult(CodeOf(refusal)) : _session.ConnectAsync(request, cancellationToken),
            isAnswered: true,
            cancellationToken).ConfigureAwait(false);
    }

    public Task<CmqttResultCode> PublishAsync(OutgoingMessage message, CancellationToken cancellationToken) =>
        PassAsync(() => _session.PublishAsync(message, cancellationToken), isAnswered: message.Qos > 0, cancellationToken);

    public Task<CmqttResultCode> SubscribeAsync(IReadOnlyList<(string Filter, int Qos)> filters, CancellationToken cancellationToken) =>
        PassAsync(() => _session.SubscribeAsync(filters, cancellationToken), isAnswered: true, cancellationToken);

    public Task<CmqttResultCode> UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken) =>
        PassAsync(() => _session.UnsubscribeAsync(filters, cancellationToken), isAnswered: true, cancellationToken);

    public Task<CmqttResultCode> PingAsync(CancellationToken cancellationToken) =>
        PassAsync(() => _session.PingAsync(cancellationToken), isAnswered: true, cancellationToken);

    public Task<CmqttResultCode> DisconnectAsync(CancellationToken cancellationToken) =>
        PassAsync(() => _session.DisconnectAsync(cancellationToken), isAnswered: false, cancellationToken);

    public ValueTask DisposeAsync()
    {
        _forget(this);
        return _session.DisposeAsync();
    }

    public void MessageReceived(byte[] topic, byte[] payload)
    {
        if (!IsSilent && Repetitions() is { } repetitions)
        {
            Tell(repetitions + Slowness, () => _events.MessageReceived(topic, payload));
        }
    }

    public void PacketPassed(MqttPacket packet, bool toBroker) => _events.PacketPassed(packet, toBroker);

    public void ConnectionLost(int cause) => Tell(TimeSpan.Zero, () => _events.ConnectionLost(cause));

    private ModemFaults Faults => _modem.Faults;

    private bool IsSilent => _isBroken || Faults.Find<BrokerSilent>() is not null;

    private TimeSpan Slowness => (Faults.Find<NetworkSlow>()?.Delay ?? TimeSpan.Zero) + (Faults.Find<BrokerSlow>()?.Delay ?? TimeSpan.Zero);

    private static CmqttResultCode CodeOf(BrokerRefuse refusal) => refusal.Code switch
    {
        1 => CmqttResultCode.RefusedProtocolVersion,
        2 => CmqttResultCode.RefusedClientId,
        3 => CmqttResultCode.RefusedServerUnavailable,
        4 => CmqttResultCode.RefusedUserNameOrPassword,
        _ => CmqttResultCode.RefusedNotAuthorized,
    };

    /// <summary>How much later a packet arrives because it was lost and sent again, or null when it never does.</summary>
    private TimeSpan? Repetitions()
    {
        int losses = 0;
        while (Faults.Find<NetworkLossy>() is { } lossy && Faults.Draw(100) < lossy.Percent)
        {
            losses++;
            if (losses == Sendings)
            {
                return null;
            }
        }

        return TimeSpan.FromSeconds((1 << losses) - 1);
    }

    /// <summary>Completes at once where no fault is about, so that a broker that answers at once still does.</summary>
    private async Task<CmqttResultCode> PassAsync(Func<Task<CmqttResultCode>> operation, bool isAnswered, CancellationToken cancellationToken)
    {
        try
        {
            if (!IsSilent && Repetitions() is { } repetitions)
            {
                await WaitAsync(repetitions, cancellationToken).ConfigureAwait(false);
                CmqttResultCode code = await operation().ConfigureAwait(false);
                if (!isAnswered)
                {
                    return code;
                }

                await WaitAsync(Slowness, cancellationToken).ConfigureAwait(false);
                if (!IsSilent)
                {
                    return code;
                }
            }

            return isAnswered ? await NeverAsync(cancellationToken).ConfigureAwait(false) : CmqttResultCode.Success;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return CmqttResultCode.Timeout;
        }
    }

    /// <summary>Waits on the modem's clock.</summary>
    private async Task WaitAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        if (time > TimeSpan.Zero)
        {
            var due = new TaskCompletionSource(_answersAtOnce ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
            _modem.Post(() => _modem.After(time, () => due.TrySetResult()));
            await due.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<CmqttResultCode> NeverAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        return CmqttResultCode.Timeout;
    }

    /// <summary>Tells the modem something later, in the order in which it came.</summary>
    private void Tell(TimeSpan delay, Action action)
    {
        if (delay == TimeSpan.Zero && Volatile.Read(ref _waiting) == 0)
        {
            TellUnlessBroken(action);
            return;
        }

        Interlocked.Increment(ref _waiting);
        _modem.Post(() =>
        {
            TimeSpan due = _modem.Age + delay;
            _lastDue = due > _lastDue ? due : _lastDue;
            _modem.After(_lastDue - _modem.Age, () =>
            {
                Interlocked.Decrement(ref _waiting);
                TellUnlessBroken(action);
            });
        });
    }

    private void TellUnlessBroken(Action action)
    {
        if (!_isBroken)
        {
            action();
        }
    }
}
