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
    private readonly Queue<Incoming> _incoming = new();
    private volatile bool _isBroken;
    private int _waiting;

    public FaultySession(VirtualModem modem, IBrokerBridge bridge, ISessionEvents events, Action<FaultySession> forget)
    {
        _modem = modem;
        _events = events;
        _forget = forget;
        _answersAtOnce = bridge.AnswersAtOnce;
        _session = bridge.CreateSession(this);
    }

    /// <summary>True when it carries nothing any more.</summary>
    public bool IsBroken => _isBroken;

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

        if (request.Tls is null && Faults.Find<BrokerTlsFailure>() is not null)
        {
            Faults.TellNoEffect<BrokerTlsFailure>("this connection is without TLS");
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
        if (!IsSilent)
        {
            Tell(() => _events.MessageReceived(topic, payload), isPacket: true);
        }
    }

    public void PacketPassed(MqttPacket packet, bool toBroker) => _events.PacketPassed(packet, toBroker);

    public void ConnectionLost(int cause) => Tell(() => _events.ConnectionLost(cause), isPacket: false);

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

    /// <summary>Draws whether a packet is lost that is sent, or sent again, at this moment.</summary>
    private bool IsLost() => Faults.Find<NetworkLossy>() is { } lossy && Faults.Draw(100) < lossy.Percent;

    /// <summary>How long TCP waits for an answer to a sending, the first being 0, before it sends again.</summary>
    private static TimeSpan Patience(int sending) => TimeSpan.FromSeconds(1 << sending);

    /// <summary>Sends a packet until it arrives.</summary>
    /// <returns>False when TCP gives it up.</returns>
    private async Task<bool> ArrivesAsync(CancellationToken cancellationToken)
    {
        for (int sending = 0; sending < Sendings; sending++)
        {
            if (!IsLost())
            {
                return true;
            }

            await WaitAsync(Patience(sending), cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>Completes at once where no fault is about, so that a broker that answers at once still does.</summary>
    private async Task<CmqttResultCode> PassAsync(Func<Task<CmqttResultCode>> operation, bool isAnswered, CancellationToken cancellationToken)
    {
        try
        {
            if (!IsSilent && await ArrivesAsync(cancellationToken).ConfigureAwait(false))
            {
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

    /// <summary>Tells the modem something, in the order in which it came: TCP holds back what overtakes a lost packet.</summary>
    /// <param name="tell">Tells it.</param>
    /// <param name="isPacket">True when it comes as a packet, which may be lost or late.</param>
    private void Tell(Action tell, bool isPacket)
    {
        bool isLost = isPacket && IsLost();
        TimeSpan slowness = isPacket ? Slowness : TimeSpan.Zero;
        if (!isLost && slowness == TimeSpan.Zero && Volatile.Read(ref _waiting) == 0)
        {
            TellUnlessBroken(tell);
            return;
        }

        Interlocked.Increment(ref _waiting);
        _modem.Post(() =>
        {
            var incoming = new Incoming(tell);
            _incoming.Enqueue(incoming);
            Send(incoming, 0, isLost, slowness);
        });
    }

    private void Send(Incoming incoming, int sending, bool isLost, TimeSpan slowness)
    {
        if (!isLost)
        {
            _modem.After(slowness, () => Arrive(incoming));
        }
        else if (sending + 1 < Sendings)
        {
            _modem.After(Patience(sending), () => Send(incoming, sending + 1, IsLost(), Slowness));
        }
        else
        {
            incoming.Tell = () => { }; // TCP gives it up
            Arrive(incoming);
        }
    }

    private void Arrive(Incoming incoming)
    {
        incoming.HasArrived = true;
        while (_incoming.TryPeek(out Incoming? next) && next.HasArrived)
        {
            _incoming.Dequeue();
            TellUnlessBroken(next.Tell);
            Interlocked.Decrement(ref _waiting);
        }
    }

    private void TellUnlessBroken(Action action)
    {
        if (!_isBroken)
        {
            action();
        }
    }

    /// <summary>What is on its way to the modem.</summary>
    private sealed class Incoming(Action tell)
    {
        public Action Tell { get; set; } = tell;

        public bool HasArrived { get; set; }
    }
}
