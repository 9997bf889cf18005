using System.Text;
using MQTTnet.Packets;
using Sim7600.Emulator.Broker;
using Sim7600.Emulator.Commands;
using Sim7600.Protocol;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Families;

/// <summary>One of the modem's two MQTT clients: what was set for it, its connection, and the one operation it may run.</summary>
internal sealed class CmqttClient
{
    private readonly VirtualModem _modem;
    private readonly IBrokerBridge _bridge;
    private readonly Queue<byte[]> _waitingMessages = new();
    private readonly CmqttKeepAlive _keepAlive;
    private IncompleteReceipts _receipts = new();
    private IBrokerSession? _session;

    public CmqttClient(VirtualModem modem, IBrokerBridge bridge, int index)
    {
        _modem = modem;
        _bridge = bridge;
        Index = index;
        _keepAlive = new CmqttKeepAlive(modem, bridge.AnswersAtOnce, code => PingFailed((int)code));
    }

    public int Index { get; }

    public CmqttClientState State { get; private set; }

    public PendingOperation? Busy { get; private set; }

    public string ClientId { get; private set; } = "";

    public bool UsesTls { get; private set; }

    public int MqttVersion { get; private set; } = 4;

    public int? SslContext { get; set; }

    public byte[]? WillTopic { get; set; }

    public byte[]? WillMessage { get; set; }

    public int WillQos { get; set; }

    public bool ChecksUtf8 { get; set; } = true;

    public int OperationTimeout { get; set; } = 120;

    public byte[]? Topic { get; set; }

    public byte[]? Payload { get; set; }

    public List<(byte[] Filter, int Qos)> SubscribeTopics { get; } = [];

    public List<byte[]> UnsubscribeTopics { get; } = [];

    /// <summary>Parameters of the running connection as <c>AT+CMQTTCONNECT?</c> shows them, or null.</summary>
    public string? ConnectionShown { get; private set; }

    public void Acquire(string clientId, bool tls, int mqttVersion)
    {
        State = CmqttClientState.Acquired;
        ClientId = clientId;
        UsesTls = tls;
        MqttVersion = mqttVersion;
    }

    /// <summary>Forgets everything; an open connection closes without DISCONNECT.</summary>
    public void Release()
    {
        CancelOperation();
        CloseSession();
        State = CmqttClientState.Free;
        ClientId = "";
        UsesTls = false;
        SslContext = null;
        WillTopic = null;
        WillMessage = null;
        ChecksUtf8 = true;
        OperationTimeout = 120;
        _receipts = new IncompleteReceipts();
        ForgetCaches();
    }

    /// <summary>
    /// Connects; with an obstacle, the operation fails with that code before anything is dialled. <c>optimeout</c> limits it
    /// too, since the wait for CONNACK is one for received data (inferred; the manual says "send or receive", and the default
    /// is as long as the longest answer).
    /// </summary>
    public void Connect(CommandRun run, ConnectRequest request, string shown, CmqttResultCode? obstacle)
    {
        CloseSession();
        if (request.CleanSession)
        {
            _receipts = new IncompleteReceipts();
        }

        request = request with { Receipts = _receipts };
        var events = new Events(this, _modem.Epoch);
        IBrokerSession session = _bridge.CreateSession(events);
        events.Session = session;
        _session = session;

        // The handshake has its own limit, negotiatetime, which may be longer than all that surrounds it (inferred).
        TimeSpan limit = TimeSpan.FromSeconds(OperationTimeout) + (request.Tls?.NegotiationTime ?? TimeSpan.Zero);
        Run(run, LateOk, limit, token => obstacle is { } code ? Task.FromResult(code) : session.ConnectAsync(request, token), code =>
        {
            if (code == CmqttResultCode.Success)
            {
                State = CmqttClientState.Connected;
                ConnectionShown = shown;
                _keepAlive.Start(session, request.KeepAlive);
            }
            else
            {
                SslContext = null; // must be set anew (AT command manual V3.00, 16.2.5)
                CloseSession();
            }
        });
    }

    /// <summary>Puts the client into a state that it reached before the session began.</summary>
    public void Begin(string clientId, bool tls, bool connected)
    {
        Acquire(clientId, tls, _modem.Profile.DefaultMqttVersion);
        if (!connected)
        {
            return;
        }

        const string Address = "127.0.0.1";
        const int KeepAlive = 60;
        var events = new Events(this, _modem.Epoch);
        IBrokerSession session = _bridge.CreateSession(events);
        events.Session = session;
        _session = session;
        State = CmqttClientState.Connected;
        ConnectionShown = $",\"{CmqttLimits.AddressScheme}{Address}:{CmqttLimits.DefaultPort}\",{KeepAlive},1";
        var request = new ConnectRequest
        {
            Host = Address,
            Port = CmqttLimits.DefaultPort,
            ClientId = clientId,
            MqttVersion = MqttVersion,
            KeepAlive = KeepAlive,
            CleanSession = true,
        };
        if (!_bridge.AnswersAtOnce)
        {
            _ = BeginAsync();
        }

        _keepAlive.Start(session, KeepAlive);

        async Task BeginAsync()
        {
            if (await session.ConnectAsync(request, CancellationToken.None).ConfigureAwait(false) != CmqttResultCode.Success)
            {
                events.ConnectionLost(cause: 1);
            }
        }
    }

    /// <summary>Disconnects; when the time is over first, the connection is closed all the same (inferred).</summary>
    public void Disconnect(CommandRun run, TimeSpan limit)
    {
        IBrokerSession session = _session!;
        _keepAlive.Stop();
        OkMoment moment = _modem.Profile.DisconnectOrder == ResultOrder.ResultFirst ? OkMoment.AfterResult : OkMoment.AtOnce;
        Run(run, moment, limit, session.DisconnectAsync, _ =>
        {
            CloseSession();
            State = CmqttClientState.Acquired;
            SslContext = null;
            ForgetCaches();
        });
    }

    public void Publish(CommandRun run, OutgoingMessage message, TimeSpan limit) =>
        Run(run, LateOk, limit, token => _session!.PublishAsync(message, token), isAnswered: message.Qos > 0, change: code =>
        {
            if (code == CmqttResultCode.Success)
            {
                _modem.Faults.Published();
            }
        });

    public void Subscribe(CommandRun run, IReadOnlyList<(string Filter, int Qos)> filters) =>
        Run(run, LateOk, TimeSpan.FromSeconds(OperationTimeout), token => _session!.SubscribeAsync(filters, token));

    public void Unsubscribe(CommandRun run, IReadOnlyList<string> filters) =>
        Run(run, LateOk, TimeSpan.FromSeconds(OperationTimeout), token => _session!.UnsubscribeAsync(filters, token));

    /// <summary>The connection ended without DISC: the running operation fails first, then the loss is told.</summary>
    public void ConnectionLost(int cause)
    {
        PendingOperation? operation = Busy;
        if (operation is not null)
        {
            Finish(operation, State == CmqttClientState.Connected ? CmqttResultCode.ReceiveFailed
                : cause == CmqttService.NetworkClosed ? CmqttResultCode.SocketConnectFailed // no server closed anything (inferred; no log shows it)
                : CmqttResultCode.SocketClosedByServer);
        }

        if (State == CmqttClientState.Connected)
        {
            State = CmqttClientState.Acquired;
            CloseSession();
            ForgetCaches();
            _modem.WriteUrc($"+CMQTTCONNLOST: {Index},{cause}");
            if (_modem.Profile.StrayOkAfterLostSubscribe && operation?.Name == "+CMQTTSUB")
            {
                _modem.WriteUrc("OK");
            }
        }
    }

    /// <summary>A ping failed; the client stays connected until the host disconnects.</summary>
    public void PingFailed(int code)
    {
        if (State == CmqttClientState.Connected)
        {
            _modem.WriteUrc($"+CMQTTPING: {Index},{code}");
        }
    }

    /// <summary>One word for people, or two.</summary>
    public string Describe() => State switch
    {
        CmqttClientState.Connected => $"{ClientId} connected",
        CmqttClientState.Acquired => $"{ClientId} acquired",
        _ => "free",
    };

    /// <summary>True when text may be sent under this client's <c>checkUTF8</c> setting.</summary>
    public bool AcceptsText(byte[] text) => !ChecksUtf8 || IsUtf8(text);

    /// <summary>The message block as the modem prints it (<c>cmqtt.md</c> 7.1).</summary>
    internal byte[] MessageBlock(byte[] topic, byte[] payload)
    {
        using var block = new MemoryStream(payload.Length + topic.Length + 128);
        Add(block, $"\r\n+CMQTTRXSTART: {Index},{topic.Length},{payload.Length}\r\n");
        if (_modem.Profile.BlankLineAfterReceiveStart)
        {
            Add(block, "\r\n");
        }

        Add(block, $"+CMQTTRXTOPIC: {Index},{topic.Length}\r\n");
        block.Write(topic);
        Add(block, "\r\n");
        foreach (byte[] piece in payload.Chunk(_modem.Profile.ReceivePiece))
        {
            Add(block, $"+CMQTTRXPAYLOAD: {Index},{piece.Length}\r\n");
            block.Write(piece);
            Add(block, "\r\n");
        }

        Add(block, $"+CMQTTRXEND: {Index}\r\n");
        return block.ToArray();

        static void Add(MemoryStream stream, string text) => stream.Write(Encoding.ASCII.GetBytes(text));
    }

    /// <summary>True when text can be carried to a broker at all: MQTTnet knows topics as strings.</summary>
    public static bool IsUtf8(byte[] text) => System.Text.Unicode.Utf8.IsValid(text);

    private OkMoment LateOk => _modem.Profile.FailedOperationEndsInError ? OkMoment.OnSuccess : OkMoment.AtOnce;

    /// <summary>The broker sent a message.</summary>
    public void MessageArrived(byte[] topic, byte[] payload)
    {
        if (State != CmqttClientState.Connected && Busy is null)
        {
            return;
        }

        _keepAlive.Heard();
        if (topic.Length > CmqttLimits.Topic || payload.Length > CmqttLimits.Payload)
        {
            CmqttLog.TooLarge(_modem.Log, Index, topic.Length, payload.Length);
            return;
        }

        byte[] block = MessageBlock(topic, payload);
        if (Busy is not null && !(Busy.Name == "+CMQTTSUB" && _modem.Profile.RetainedBeforeSubscribeResult))
        {
            // Real SIM7600 logs show a client's own message, and a retained one, after the result of the operation.
            _waitingMessages.Enqueue(block);
            return;
        }

        _modem.WriteUrc(block);
    }

    /// <summary>Starts an operation on the network; its result line comes when it has ended, on time or out of time.</summary>
    private void Run(
        CommandRun run,
        OkMoment ok,
        TimeSpan limit,
        Func<CancellationToken, Task<CmqttResultCode>> start,
        Action<CmqttResultCode>? change = null,
        bool isAnswered = true)
    {
        string name = run.Invocation.Name;
        _keepAlive.Sent();
        var operation = new PendingOperation(name, code =>
        {
            if (code == CmqttResultCode.Success && isAnswered)
            {
                _keepAlive.Heard();
            }

            change?.Invoke(code);
            string result = $"{name}: {Index},{(int)code}";
            if (ok == OkMoment.AtOnce)
            {
                _modem.WriteUrc(result);
            }
            else if (code != CmqttResultCode.Success)
            {
                run.Refuse(result);
            }
            else if (ok == OkMoment.AfterResult)
            {
                run.Info(result);
                run.Ok();
            }
            else
            {
                run.Ok();
                _modem.WriteUrc(result);
            }
        });
        Busy = operation;
        operation.Limit = _modem.After(limit, () => Finish(operation, CmqttResultCode.Timeout));
        if (ok == OkMoment.AtOnce)
        {
            run.Ok();
        }

        int epoch = _modem.Epoch;
        Task<CmqttResultCode> task = _bridge.AnswersAtOnce ? start(operation.Cancellation.Token) : Task.Run(() => start(operation.Cancellation.Token));
        if (task.IsCompletedSuccessfully)
        {
            CmqttResultCode code = task.Result;
            _modem.PostIfStillOn(epoch, () => _modem.AfterAnswerTime(() => Finish(operation, code)));
            return;
        }

        _ = FinishWhenDoneAsync();

        async Task FinishWhenDoneAsync()
        {
            CmqttResultCode code;
            try
            {
                code = await task.ConfigureAwait(false);
            }
            catch (Exception error)
            {
                CmqttLog.OperationFault(_modem.Log, error, name, Index);
                code = CmqttResultCode.Failure;
            }

            _modem.PostIfStillOn(epoch, () => _modem.AfterAnswerTime(() => Finish(operation, code)));
        }
    }

    private void Finish(PendingOperation operation, CmqttResultCode code)
    {
        if (!ReferenceEquals(Busy, operation))
        {
            return;
        }

        Busy = null;
        operation.Limit?.Dispose();
        if (code == CmqttResultCode.Timeout)
        {
            operation.Cancellation.Cancel();
        }

        operation.Finish(code);
        while (Busy is null && _waitingMessages.TryDequeue(out byte[]? block))
        {
            _modem.WriteUrc(block);
        }
    }

    private void CancelOperation()
    {
        PendingOperation? operation = Busy;
        Busy = null;
        operation?.Limit?.Dispose();
        operation?.Cancellation.Cancel();
    }

    private void CloseSession()
    {
        ConnectionShown = null;
        _keepAlive.Stop();
        _waitingMessages.Clear();
        if (Interlocked.Exchange(ref _session, null) is { } session)
        {
            _modem.Cmqtt.Dispose(session);
        }
    }

    private void ForgetCaches()
    {
        Topic = null;
        Payload = null;
        SubscribeTopics.Clear();
        UnsubscribeTopics.Clear();
    }

    /// <summary>Brings what one connection tells to the modem's loop; what an earlier connection still tells is ignored.</summary>
    private sealed class Events(CmqttClient client, int epoch) : ISessionEvents
    {
        /// <summary>The session that tells, set before it connects.</summary>
        public IBrokerSession? Session { get; set; }

        public void MessageReceived(byte[] topic, byte[] payload) => Tell(() => client.MessageArrived(topic, payload));

        public void PacketPassed(MqttPacket packet, bool toBroker)
        {
            // Also what the last packets of a connection are that the modem has given up.
            if (client._modem.Options.Timeline is not null)
            {
                TimelineEntry entry = PacketEntry.Of(packet, client.Index, toBroker);
                client._modem.PostIfStillOn(epoch, () => client._modem.Note(entry));
            }
        }

        public void ConnectionLost(int cause) => Tell(() => client.ConnectionLost(cause));

        private void Tell(Action action) => client._modem.PostIfStillOn(epoch, () =>
        {
            if (Session is not null && ReferenceEquals(Session, client._session))
            {
                action();
            }
        });
    }
}
