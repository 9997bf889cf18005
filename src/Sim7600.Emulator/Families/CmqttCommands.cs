using System.Globalization;
using System.Text;
using Sim7600.Emulator.Broker;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using Sim7600.Protocol;
using Sim7600.Protocol.Results;
using static Sim7600.Emulator.Commands.AtParameterDefinition;

namespace Sim7600.Emulator.Families;

/// <summary>
/// The AT+CMQTT* commands (AT command manual V3.00, chapter 16; real sessions where they differ). Each answers by
/// <see cref="CmqttStateTable"/>, after the index and the ranges.
/// </summary>
internal sealed class CmqttCommands
{
    private const string Family = "Cmqtt";
    private readonly VirtualModem _modem;
    private readonly CommandTable _table;
    private readonly CmqttStateTable _states;

    private CmqttCommands(CommandTable table, VirtualModem modem)
    {
        _table = table;
        _modem = modem;
        _states = new CmqttStateTable(modem.Profile);
    }

    public static void Declare(CommandTable table, VirtualModem modem) => new CmqttCommands(table, modem).Declare();

    private static AtParameterDefinition Index { get; } = Number("client_index", 0, CmqttLimits.Clients - 1) with { IsClientIndex = true };

    private static AtParameterDefinition Qos { get; } = Number("qos", 0, 2);

    private static AtParameterDefinition Flag(string name) => Number(name, 0, 1);

    private static AtParameterDefinition Length(int maximum) => Number("req_length", 1, maximum) with { IsLength = true };

    private void Declare()
    {
        var profile = _modem.Profile;
        Add("+CMQTTSTART", "16.2.1", Evidence.Confirmed).Execute(Start).Test();
        Add("+CMQTTSTOP", "16.2.2", Evidence.Confirmed).Execute(Stop).Test();

        AtCommandDefinition acquire = Add("+CMQTTACCQ", "16.2.3", Evidence.Confirmed).Read(run => Read(run, ReadAcquired));
        AtParameterDefinition clientId = Text("clientID", 1, profile.MaximumClientId);
        _ = profile.HasMqttVersionParameter
            ? acquire.Write(Acquire, Index, clientId, Flag("server_type").Optional, Number("mqtt_version", 3, 4).Optional)
            : acquire.Write(Acquire, Index, clientId, Flag("server_type").Optional);
        Add("+CMQTTREL", "16.2.4", Evidence.Confirmed).Read(run => run.Ok()).Write(Release, Index);
        Add("+CMQTTSSLCFG", "16.2.5", Evidence.Confirmed)
            .Read(run => Read(run, ReadSslContext))
            .Write(SetSslContext, Index with { TestText = "(0,1)" }, Number("ssl_ctx_index", 0, CmqttLimits.SslContexts - 1));

        Add("+CMQTTWILLTOPIC", "16.2.6", Evidence.Confirmed).Write(
            run => TakeText(run, (client, text) => client.WillTopic = text), Index, Length(CmqttLimits.WillTopic));
        Add("+CMQTTWILLMSG", "16.2.7", Evidence.Confirmed).Write(SetWillMessage, Index, Length(profile.MaximumWillMessage), Qos);

        Add("+CMQTTCONNECT", "16.2.8", Evidence.Confirmed).Read(run => Read(run, ReadConnections)).Write(
            Connect,
            Index,
            Text("server_addr", CmqttLimits.ServerAddressMinimum, CmqttLimits.ServerAddress),
            Number("keepalive_time", profile.KeepAliveMinimum, CmqttLimits.KeepAlive),
            Flag("clean_session"),
            Text("user_name", 0, CmqttLimits.UserName).Optional with { TestText = "" },
            Text("pass_word", 0, CmqttLimits.Password).Optional with { TestText = "" }).Hides(4, inAnswer: 4);
        AtParameterDefinition disconnectTimeout =
            Number("timeout", CmqttLimits.DisconnectTimeoutMinimum, CmqttLimits.DisconnectTimeout) with { Also = 0 };
        Add("+CMQTTDISC", "16.2.9", Evidence.Confirmed).Read(run => Read(run, ReadDisconnected)).Write(Disconnect, Index, disconnectTimeout.Optional);

        Add("+CMQTTTOPIC", "16.2.10", Evidence.Confirmed).Write(
            run => TakeText(run, (client, text) => client.Topic = text), Index, Length(CmqttLimits.Topic));
        Add("+CMQTTPAYLOAD", "16.2.11", Evidence.Confirmed).Write(SetPayload, Index, Length(CmqttLimits.Payload));
        AtParameterDefinition publishTimeout = Number("pub_timeout", profile.PublishTimeoutMinimum, CmqttLimits.PublishTimeout)
            with
        { TestText = $"({CmqttLimits.PublishTimeoutMinimum}-{CmqttLimits.PublishTimeout})" };
        Add("+CMQTTPUB", "16.2.12", Evidence.Confirmed).Write(Publish, Index, Qos, publishTimeout, Flag("ratained").Optional, Flag("dup").Optional);

        if (profile.HasSubscribeTopic)
        {
            Add("+CMQTTSUBTOPIC", "16.2.13", Evidence.Confirmed).Write(CacheSubscription, Index, Length(CmqttLimits.Topic), Qos);
        }

        Add("+CMQTTSUB", "16.2.14", Evidence.Confirmed)
            .Write(SubscribeCached, Index, Flag("dup").Optional)
            .Write(SubscribeDirectly, Index, Length(CmqttLimits.Topic), Qos, Flag("dup").Optional);
        Add("+CMQTTUNSUBTOPIC", "16.2.15", Evidence.Documented).Write(CacheUnsubscription, Index, Length(CmqttLimits.Topic));
        Add("+CMQTTUNSUB", "16.2.16", Evidence.Documented)
            .Write(UnsubscribeCached, Index, Flag("dup").Optional)
            .Write(UnsubscribeDirectly, Index, Length(CmqttLimits.Topic), Flag("dup"));

        AtCommandDefinition configure = Add("+CMQTTCFG", "16.2.17", Evidence.Documented)
            .Read(run => Read(run, ReadConfiguration))
            .Write(Configure, Text("key", 1, 32), Index, Number("value", 0, 120))
            .Hides(2, unless: key => key.Equals("checkUTF8", StringComparison.OrdinalIgnoreCase) || key.Equals("optimeout", StringComparison.OrdinalIgnoreCase));
        _ = profile.HasOperationTimeout
            ? configure.Test(
                "+CMQTTCFG: \"checkUTF8\",(0-1),(0-1)",
                "+CMQTTCFG: \"optimeout\",(0-1),(20-120)",
                "+CMQTTCFG: \"aliauth\",(0-1),\"productkey\",\"devicename\",\"devicesecret\"")
            : configure.Test("+CMQTTCFG: \"checkUTF8\",(0-1),(0-1)");
    }

    private AtCommandDefinition Add(string name, string chapter, Evidence evidence) => _table.Add(Family, name).From($"AT command manual V3.00, {chapter}", evidence).Faults((run, fault) =>
    {
        CmqttResultCode code = fault switch
        {
            ArgumentFault.ClientIndex => CmqttResultCode.ClientIndexError,
            ArgumentFault.Length => CmqttResultCode.LengthOutOfRange,
            _ => CmqttResultCode.InvalidParameter,
        };

        if (name == "+CMQTTCONNECT" && run.Has(1) && run.Arguments[1].Bytes.Length is var length and (< CmqttLimits.ServerAddressMinimum or > CmqttLimits.ServerAddress))
        {
            CmqttLog.Refused(
                _modem.Log,
                run.Number(0),
                $"the server address has {length} bytes with its tcp://, the modem takes {CmqttLimits.ServerAddressMinimum} to {CmqttLimits.ServerAddress}; a short host name needs its port");
        }

        // The line begins with the index as the host wrote it; without a readable index there is nothing to say.
        int position = name == "+CMQTTCFG" ? 1 : 0;
        if (position < run.Arguments.Count && run.Arguments[position].Kind == Protocol.Grammar.AtParameterKind.Number)
        {
            run.Refuse(string.Create(CultureInfo.InvariantCulture, $"{name}: {run.Arguments[position].Number},{(int)code}"));
        }
        else
        {
            run.Error();
        }
    });

    private CmqttClient ClientOf(CommandRun run) => _modem.Cmqtt.Clients[run.Number(0)];

    private static void Refuse(CommandRun run, CmqttResultCode code) => Refuse(run, run.Number(0), code);

    private static void Refuse(CommandRun run, int index, CmqttResultCode code) =>
        run.Refuse(string.Create(CultureInfo.InvariantCulture, $"{run.Invocation.Name}: {index},{(int)code}"));

    private CmqttState StateOf(CmqttClient client) => client switch
    {
        _ when !_modem.Cmqtt.IsStarted => CmqttState.Stopped,
        { Busy: not null } => CmqttState.Busy,
        { State: CmqttClientState.Connected } => CmqttState.Connected,
        { State: CmqttClientState.Acquired } => CmqttState.Acquired,
        _ => CmqttState.Free,
    };

    /// <summary>The state that a command without an index sees: that of the client that is furthest.</summary>
    private CmqttState StateOfService() => _modem.Cmqtt.Clients.Max(StateOf);

    /// <summary>Asks the table whether a command of a client runs; when it does not, the command is answered and null comes back.</summary>
    private CmqttClient? Admit(CommandRun run, string? row = null, int index = 0)
    {
        CmqttClient client = _modem.Cmqtt.Clients[run.Number(index)];
        CmqttCell cell = _states[row ?? run.Invocation.Name, StateOf(client)];
        switch (cell.Kind)
        {
            case CmqttCellKind.Runs:
                return client;
            case CmqttCellKind.OkOnly:
                run.Ok();
                return null;
            case CmqttCellKind.BareError:
                run.Error();
                return null;
            default:
                Refuse(run, client.Index, cell.Code);
                return null;
        }
    }

    /// <summary>The same for START and STOP, whose answers carry no index.</summary>
    private bool AdmitService(CommandRun run)
    {
        CmqttCell cell = _states[run.Invocation.Name, StateOfService()];
        if (cell.Kind == CmqttCellKind.Runs)
        {
            return true;
        }

        run.Refuse($"{run.Invocation.Name}: {(int)cell.Code}");
        return false;
    }

    private void Read(CommandRun run, Func<IEnumerable<string>> lines)
    {
        if (_states[$"{run.Invocation.Name}?", StateOfService()].Kind == CmqttCellKind.BareError)
        {
            run.Error();
            return;
        }

        run.Info(lines());
        run.Ok();
    }

    private void Start(CommandRun run)
    {
        if (!AdmitService(run))
        {
            return;
        }

        bool opensNetwork = !_modem.Packet.Active.Contains(PacketData.DataContext);
        bool resultFirst = IsResultFirst(_modem.Profile.StartOrder, opensNetwork);
        if (!_modem.IsAttached || (opensNetwork && _modem.Network.RefusesPacketData))
        {
            string failure = $"+CMQTTSTART: {(int)_modem.Profile.StartFailure}";
            if (resultFirst)
            {
                run.Refuse(failure);
            }
            else
            {
                run.Ok();
                _modem.WriteUrc(failure);
            }

            return;
        }

        _modem.Packet.Active.Add(PacketData.DataContext);
        _modem.Cmqtt.Start();
        Succeed(run, "+CMQTTSTART: 0", resultFirst);
    }

    private void Stop(CommandRun run)
    {
        if (!AdmitService(run))
        {
            return;
        }

        _modem.Cmqtt.Stop();
        Succeed(run, "+CMQTTSTOP: 0", IsResultFirst(_modem.Profile.StopOrder, opensNetwork: false));
        if (_modem.Profile.StopPrintsNoNet)
        {
            _modem.WriteUrc("+CMQTTNONET");
        }
    }

    private static bool IsResultFirst(ResultOrder order, bool opensNetwork) =>
        order == ResultOrder.ResultFirst || (order == ResultOrder.ByPacketData && !opensNetwork);

    private void Succeed(CommandRun run, string result, bool resultFirst)
    {
        if (resultFirst)
        {
            run.Info(result);
            run.Ok();
        }
        else
        {
            run.Ok();
            _modem.WriteUrc(result);
        }
    }

    private void Acquire(CommandRun run)
    {
        if (Admit(run) is not { } client)
        {
            return;
        }

        if (!client.AcceptsText(run.Arguments[1].Bytes))
        {
            Refuse(run, CmqttResultCode.BadUtf8String);
            return;
        }

        client.Acquire(run.Text(1), run.Number(2) == 1, run.Number(3, otherwise: _modem.Profile.DefaultMqttVersion));
        run.Ok();
    }

    private IEnumerable<string> ReadAcquired() => _modem.Cmqtt.Clients.Select(client => _modem.Profile.HasMqttVersionParameter
        ? $"+CMQTTACCQ: {client.Index},\"{client.ClientId}\",{(client.UsesTls ? 1 : 0)},{client.MqttVersion}"
        : $"+CMQTTACCQ: {client.Index},\"{client.ClientId}\",{(client.UsesTls ? 1 : 0)}");

    private void Release(CommandRun run)
    {
        if (Admit(run) is { } client)
        {
            client.Release();
            run.Ok();
        }
    }

    private IEnumerable<string> ReadSslContext() =>
        _modem.Cmqtt.Clients.Select(client => $"+CMQTTSSLCFG: {client.Index}{(client.SslContext is { } context ? $",{context}" : "")}");

    private void SetSslContext(CommandRun run)
    {
        if (Admit(run) is { } client)
        {
            client.SslContext = run.Number(1);
            run.Ok();
        }
    }

    /// <summary>Prompts for counted data; when the state has changed while it was typed, the command is refused after all.</summary>
    private void Take(CommandRun run, Action<CmqttClient, byte[]> take, string? row = null)
    {
        if (Admit(run, row) is not null)
        {
            run.Prompt(run.Number(1), data =>
            {
                if (Admit(run, row) is { } client)
                {
                    take(client, data);
                }
            });
        }
    }

    /// <summary>Prompts for text and keeps it when it passes the client's UTF-8 check.</summary>
    private void TakeText(CommandRun run, Action<CmqttClient, byte[]> keep) => Take(run, (client, text) =>
    {
        if (!client.AcceptsText(text))
        {
            Refuse(run, CmqttResultCode.BadUtf8String);
            return;
        }

        keep(client, text);
        run.Ok();
    });

    /// <summary>
    /// With <c>checkUTF8</c> off the modem sends any bytes as a topic. MQTTnet, which carries them to the broker, cannot: rather
    /// than send others, the operation that needs them is refused with 2 (a limit of the emulator, not the modem's way).
    /// </summary>
    private bool Carries(CommandRun run, CmqttClient client, string what, byte[] text)
    {
        if (CmqttClient.IsUtf8(text))
        {
            return true;
        }

        CmqttLog.Refused(_modem.Log, client.Index, $"the {what} is not UTF-8; the modem sends such bytes when checkUTF8 is 0, the emulator cannot carry them to the broker");
        Refuse(run, CmqttResultCode.BadUtf8String);
        return false;
    }

    private void SetWillMessage(CommandRun run) => Take(run, (client, message) =>
    {
        client.WillMessage = message;
        client.WillQos = run.Number(2);
        run.Ok();
    });

    private void Connect(CommandRun run)
    {
        if (Admit(run) is not { } client)
        {
            return;
        }

        if (!TryReadAddress(run.Text(1), out string host, out int port))
        {
            CmqttLog.Refused(_modem.Log, client.Index, "the server address must be tcp://host or tcp://host:port, with TLS too");
            Refuse(run, CmqttResultCode.InvalidParameter);
            return;
        }

        var request = new ConnectRequest
        {
            Host = host,
            Port = port,
            ClientId = client.ClientId,
            MqttVersion = client.MqttVersion,
            KeepAlive = run.Number(2),
            CleanSession = run.Number(3) == 1,
            UserName = run.Has(4) && run.Arguments[4].Bytes.Length > 0 ? run.Text(4) : null,
            Password = run.Has(5) && run.Arguments[5].Bytes.Length > 0 ? run.Arguments[5].Bytes : null,
            WillTopic = client.WillTopic is not null && client.WillMessage is not null ? Encoding.UTF8.GetString(client.WillTopic) : null,
            WillMessage = client.WillMessage ?? [],
            WillQos = client.WillQos,
        };
        if (!Carries(run, client, "will topic", client.WillTopic ?? []) || !Carries(run, client, "user name", run.Has(4) ? run.Arguments[4].Bytes : []))
        {
            return;
        }

        string shown = string.Create(CultureInfo.InvariantCulture, $",\"{run.Text(1)}\",{request.KeepAlive},{run.Number(3)}");
        shown += run.Has(4) ? $",\"{run.Text(4)}\"" : "";
        shown += run.Has(5) ? $",\"{run.Text(5)}\"" : "";
        string? missing = null;
        TlsRequest? tls = client.UsesTls ? TlsSettings.Collect(_modem, client.SslContext ?? client.Index, out missing) : null;
        if (missing is not null)
        {
            CmqttLog.Refused(_modem.Log, client.Index, missing);
        }

        client.Connect(run, request with { Tls = tls }, shown, missing is null ? null : CmqttResultCode.CertificateNotSet);
    }

    private static bool TryReadAddress(string address, out string host, out int port)
    {
        host = "";
        port = CmqttLimits.DefaultPort;
        if (!address.StartsWith(CmqttLimits.AddressScheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        string rest = address[CmqttLimits.AddressScheme.Length..];
        int colon = rest.LastIndexOf(':');
        host = colon < 0 ? rest : rest[..colon];
        return host.Length > 0 && !host.Contains('/', StringComparison.Ordinal)
            && (colon < 0 || (int.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65535));
    }

    private IEnumerable<string> ReadConnections()
    {
        string unconnected = _modem.Profile.UnconnectedShowsEmptyAddress ? ",\"\"" : "";
        return _modem.Cmqtt.Clients.Select(client => $"+CMQTTCONNECT: {client.Index}{client.ConnectionShown ?? unconnected}");
    }

    private void Disconnect(CommandRun run)
    {
        if (Admit(run) is { } client)
        {
            int seconds = run.Number(1);
            client.Disconnect(run, TimeSpan.FromSeconds(seconds == 0 ? CmqttLimits.MaximumResponseSeconds : seconds));
        }
    }

    private IEnumerable<string> ReadDisconnected() =>
        _modem.Cmqtt.Clients.Select(client => $"+CMQTTDISC: {client.Index},{(client.State == CmqttClientState.Connected ? 0 : 1)}");

    private void SetPayload(CommandRun run) => Take(run, (client, payload) =>
    {
        client.Payload = payload;
        run.Ok();
    });

    private void Publish(CommandRun run)
    {
        if (Admit(run) is not { } client)
        {
            return;
        }

        byte[]? topic = client.Topic;
        byte[] payload = client.Payload ?? [];
        client.Topic = null;
        client.Payload = null;
        if (topic is null)
        {
            Refuse(run, CmqttResultCode.TopicEmpty);
            return;
        }

        if (!Carries(run, client, "topic", topic))
        {
            return;
        }

        var message = new OutgoingMessage(Encoding.UTF8.GetString(topic), payload, run.Number(1), run.Number(3) == 1, run.Number(4) == 1);
        client.Publish(run, message, TimeSpan.FromSeconds(run.Number(2)));
    }

    private void CacheSubscription(CommandRun run) =>
        Cache(run, client => client.SubscribeTopics.Sum(topic => topic.Filter.Length), (client, text) => client.SubscribeTopics.Add((text, run.Number(2))));

    private void CacheUnsubscription(CommandRun run) =>
        Cache(run, client => client.UnsubscribeTopics.Sum(topic => topic.Length), (client, text) => client.UnsubscribeTopics.Add(text));

    private void Cache(CommandRun run, Func<CmqttClient, int> cached, Action<CmqttClient, byte[]> add)
    {
        if (Admit(run) is not { } client)
        {
            return;
        }

        if (cached(client) + run.Number(1) > CmqttLimits.CachedTopics)
        {
            Refuse(run, CmqttResultCode.LengthOutOfRange);
            return;
        }

        TakeText(run, add);
    }

    private void SubscribeCached(CommandRun run)
    {
        if (Admit(run) is not { } client)
        {
            return;
        }

        if (client.SubscribeTopics.Count == 0)
        {
            Refuse(run, CmqttResultCode.InvalidParameter);
            return;
        }

        (byte[] Filter, int Qos)[] topics = [.. client.SubscribeTopics];
        client.SubscribeTopics.Clear();
        if (topics.All(topic => Carries(run, client, "topic", topic.Filter)))
        {
            client.Subscribe(run, [.. topics.Select(topic => (Encoding.UTF8.GetString(topic.Filter), topic.Qos))]);
        }
    }

    private void SubscribeDirectly(CommandRun run) =>
        TakeFilter(run, CmqttStateTable.SubscribeDirectly, (client, filter) => client.Subscribe(run, [(filter, run.Number(2))]));

    private void UnsubscribeCached(CommandRun run)
    {
        if (Admit(run) is not { } client)
        {
            return;
        }

        if (client.UnsubscribeTopics.Count == 0)
        {
            Refuse(run, CmqttResultCode.InvalidParameter);
            return;
        }

        byte[][] topics = [.. client.UnsubscribeTopics];
        client.UnsubscribeTopics.Clear();
        if (topics.All(topic => Carries(run, client, "topic", topic)))
        {
            client.Unsubscribe(run, [.. topics.Select(Encoding.UTF8.GetString)]);
        }
    }

    private void UnsubscribeDirectly(CommandRun run) =>
        TakeFilter(run, CmqttStateTable.UnsubscribeDirectly, (client, filter) => client.Unsubscribe(run, [filter]));

    private void TakeFilter(CommandRun run, string row, Action<CmqttClient, string> start) => Take(
        run,
        (client, filter) =>
        {
            if (!client.AcceptsText(filter))
            {
                Refuse(run, CmqttResultCode.BadUtf8String);
            }
            else if (Carries(run, client, "topic", filter))
            {
                start(client, Encoding.UTF8.GetString(filter));
            }
        },
        row);

    private IEnumerable<string> ReadConfiguration() => _modem.Cmqtt.Clients.Select(client => _modem.Profile.HasOperationTimeout
        ? $"+CMQTTCFG: {client.Index},{(client.ChecksUtf8 ? 1 : 0)},{client.OperationTimeout}"
        : $"+CMQTTCFG: {client.Index},{(client.ChecksUtf8 ? 1 : 0)}");

    private void Configure(CommandRun run)
    {
        int value = run.Number(2);
        string key = run.Text(0);
        bool isUtf8 = key.Equals("checkUTF8", StringComparison.OrdinalIgnoreCase) && value is 0 or 1;
        bool isTimeout = _modem.Profile.HasOperationTimeout && key.Equals("optimeout", StringComparison.OrdinalIgnoreCase) && value is >= 20 and <= 120;
        if (!isUtf8 && !isTimeout)
        {
            run.Error();
            return;
        }

        if (Admit(run, index: 1) is not { } client)
        {
            return;
        }

        if (isUtf8)
        {
            client.ChecksUtf8 = value == 1;
        }
        else
        {
            client.OperationTimeout = value;
        }

        run.Ok();
    }
}
