using System.Globalization;
using System.Text;
using Sim7600.Emulator.Broker;
using Sim7600.Emulator.Commands;
using Sim7600.Protocol;
using Sim7600.Protocol.Results;
using static Sim7600.Emulator.Commands.AtParameterDefinition;

namespace Sim7600.Emulator.Families;

/// <summary>
/// The AT+CMQTT* commands (AT command manual V3.00, chapter 16; real sessions where they differ). Each answers by the state
/// of the service and of the client, in the order: index, ranges, service, acquired, busy, connected.
/// </summary>
internal sealed class CmqttCommands
{
    private const string Family = "Cmqtt";
    private readonly VirtualModem _modem;
    private readonly CommandTable _table;

    private CmqttCommands(CommandTable table, VirtualModem modem)
    {
        _table = table;
        _modem = modem;
    }

    /// <summary>What a command needs of its client before it runs.</summary>
    private enum Needs
    {
        Acquired,
        Disconnected,
        Connected,
    }

    public static void Declare(CommandTable table, VirtualModem modem) => new CmqttCommands(table, modem).Declare();

    private static AtParameterDefinition Index { get; } = Number("client_index", 0, CmqttLimits.Clients - 1) with { IsClientIndex = true };

    private static AtParameterDefinition Qos { get; } = Number("qos", 0, 2);

    private static AtParameterDefinition Flag(string name) => Number(name, 0, 1);

    private static AtParameterDefinition Length(int maximum) => Number("req_length", 1, maximum) with { IsLength = true };

    private void Declare()
    {
        var profile = _modem.Profile;
        Add("+CMQTTSTART").Execute(Start);
        Add("+CMQTTSTOP").Execute(Stop);

        AtCommandDefinition acquire = Add("+CMQTTACCQ").Read(ReadAcquired);
        AtParameterDefinition clientId = Text("clientID", 1, profile.MaximumClientId);
        _ = profile.HasMqttVersionParameter
            ? acquire.Write(Acquire, Index, clientId, Flag("server_type").Optional, Number("mqtt_version", 3, 4).Optional)
            : acquire.Write(Acquire, Index, clientId, Flag("server_type").Optional);
        Add("+CMQTTREL").Read(run => run.Ok()).Write(Release, Index);
        Add("+CMQTTSSLCFG").Read(ReadSslContext).Write(SetSslContext, Index with { TestText = "(0,1)" }, Number("ssl_ctx_index", 0, CmqttLimits.SslContexts - 1));

        Add("+CMQTTWILLTOPIC").Write(
            run => TakeText(run, Needs.Disconnected, (client, text) => client.WillTopic = text), Index, Length(CmqttLimits.WillTopic));
        Add("+CMQTTWILLMSG").Write(SetWillMessage, Index, Length(CmqttLimits.WillMessage), Qos);

        Add("+CMQTTCONNECT").Read(ReadConnections).Write(
            Connect,
            Index,
            Text("server_addr", CmqttLimits.ServerAddressMinimum, CmqttLimits.ServerAddress),
            Number("keepalive_time", profile.KeepAliveMinimum, CmqttLimits.KeepAlive),
            Flag("clean_session"),
            Text("user_name", 0, CmqttLimits.UserName).Optional with { TestText = "" },
            Text("pass_word", 0, CmqttLimits.Password).Optional with { TestText = "" });
        AtParameterDefinition disconnectTimeout =
            Number("timeout", CmqttLimits.DisconnectTimeoutMinimum, CmqttLimits.DisconnectTimeout) with { Also = 0 };
        Add("+CMQTTDISC").Read(ReadDisconnected).Write(Disconnect, Index, disconnectTimeout.Optional);

        Add("+CMQTTTOPIC").Write(run => TakeText(run, Needs.Connected, (client, text) => client.Topic = text), Index, Length(CmqttLimits.Topic));
        Add("+CMQTTPAYLOAD").Write(SetPayload, Index, Length(CmqttLimits.Payload));
        AtParameterDefinition publishTimeout = Number("pub_timeout", profile.PublishTimeoutMinimum, CmqttLimits.PublishTimeout)
            with
        { TestText = $"({CmqttLimits.PublishTimeoutMinimum}-{CmqttLimits.PublishTimeout})" };
        Add("+CMQTTPUB").Write(Publish, Index, Qos, publishTimeout, Flag("ratained").Optional, Flag("dup").Optional);

        Add("+CMQTTSUBTOPIC").Write(CacheSubscription, Index, Length(CmqttLimits.Topic), Qos);
        Add("+CMQTTSUB")
            .Write(SubscribeCached, Index, Flag("dup").Optional)
            .Write(SubscribeDirectly, Index, Length(CmqttLimits.Topic), Qos, Flag("dup").Optional);
        Add("+CMQTTUNSUBTOPIC").Write(CacheUnsubscription, Index, Length(CmqttLimits.Topic));
        Add("+CMQTTUNSUB")
            .Write(UnsubscribeCached, Index, Flag("dup").Optional)
            .Write(UnsubscribeDirectly, Index, Length(CmqttLimits.Topic), Flag("dup"));

        AtCommandDefinition configure = Add("+CMQTTCFG").Read(ReadConfiguration).Write(Configure, Text("key", 1, 32), Index, Number("value", 0, 120));
        _ = profile.HasOperationTimeout
            ? configure.Test(
                "+CMQTTCFG: \"checkUTF8\",(0-1),(0-1)",
                "+CMQTTCFG: \"optimeout\",(0-1),(20-120)",
                "+CMQTTCFG: \"aliauth\",(0-1),\"productkey\",\"devicename\",\"devicesecret\"")
            : configure.Test("+CMQTTCFG: \"checkUTF8\",(0-1),(0-1)");
    }

    private AtCommandDefinition Add(string name) => _table.Add(Family, name).Faults((run, fault) =>
    {
        CmqttResultCode code = fault switch
        {
            ArgumentFault.ClientIndex => CmqttResultCode.ClientIndexError,
            ArgumentFault.Length => CmqttResultCode.LengthOutOfRange,
            _ => CmqttResultCode.InvalidParameter,
        };

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

    private static void Refuse(CommandRun run, CmqttResultCode code) =>
        run.Refuse(string.Create(CultureInfo.InvariantCulture, $"{run.Invocation.Name}: {run.Number(0)},{(int)code}"));

    /// <summary>Checks the client's state; when it does not fit, the command is refused and null comes back.</summary>
    private CmqttClient? Check(CommandRun run, Needs needs)
    {
        CmqttClient client = ClientOf(run);
        CmqttResultCode? obstacle = needs switch
        {
            Needs.Connected when client.State == CmqttClientState.Free => CmqttResultCode.NoConnection,
            _ when client.State == CmqttClientState.Free => CmqttResultCode.ClientNotAcquired,
            _ when client.Busy is not null => CmqttResultCode.ClientBusy,
            Needs.Connected when client.State != CmqttClientState.Connected => CmqttResultCode.NoConnection,
            Needs.Disconnected when client.State == CmqttClientState.Connected => CmqttResultCode.OperationNotSupported,
            _ => null,
        };
        if (obstacle is null)
        {
            return client;
        }

        Refuse(run, obstacle.Value);
        return null;
    }

    private void Start(CommandRun run)
    {
        CmqttService service = _modem.Cmqtt;
        if (service.IsStarted)
        {
            run.Refuse($"+CMQTTSTART: {(int)CmqttResultCode.NetworkOpened}");
        }
        else if (!_modem.IsAttached)
        {
            run.Refuse($"+CMQTTSTART: {(int)CmqttResultCode.NetworkOpenFailed}");
        }
        else
        {
            service.Start();
            Succeed(run, "+CMQTTSTART: 0", _modem.Profile.StartResultFirst);
        }
    }

    private void Stop(CommandRun run)
    {
        CmqttService service = _modem.Cmqtt;
        if (!service.IsStarted)
        {
            run.Refuse($"+CMQTTSTOP: {(int)CmqttResultCode.NetworkNotOpened}");
        }
        else if (service.HasAcquiredClient)
        {
            run.Refuse($"+CMQTTSTOP: {(int)CmqttResultCode.ClientNotReleased}");
        }
        else
        {
            service.Stop();
            Succeed(run, "+CMQTTSTOP: 0", _modem.Profile.StopResultFirst);
            if (_modem.Profile.StopPrintsNoNet)
            {
                _modem.WriteUrc("+CMQTTNONET");
            }
        }
    }

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
        CmqttClient client = ClientOf(run);
        if (!_modem.Cmqtt.IsStarted)
        {
            Refuse(run, CmqttResultCode.NetworkNotOpened);
        }
        else if (client.State != CmqttClientState.Free)
        {
            Refuse(run, CmqttResultCode.ClientUsed);
        }
        else if (!client.AcceptsText(run.Arguments[1].Bytes))
        {
            Refuse(run, CmqttResultCode.BadUtf8String);
        }
        else
        {
            client.Acquire(run.Text(1), run.Number(2) == 1, run.Number(3, otherwise: 4));
            run.Ok();
        }
    }

    private void ReadAcquired(CommandRun run)
    {
        run.Info(_modem.Cmqtt.Clients.Select(client => _modem.Profile.HasMqttVersionParameter
            ? $"+CMQTTACCQ: {client.Index},\"{client.ClientId}\",{(client.UsesTls ? 1 : 0)},{client.MqttVersion}"
            : $"+CMQTTACCQ: {client.Index},\"{client.ClientId}\",{(client.UsesTls ? 1 : 0)}"));
        run.Ok();
    }

    private void Release(CommandRun run)
    {
        CmqttClient client = ClientOf(run);
        if (client.State == CmqttClientState.Free)
        {
            if (_modem.Profile.ReleaseOfFreeClientIsOk && _modem.Cmqtt.IsStarted)
            {
                run.Ok();
            }
            else
            {
                Refuse(run, CmqttResultCode.ClientNotAcquired);
            }
        }
        else if (client.Busy is not null || client.State == CmqttClientState.Connected)
        {
            Refuse(run, CmqttResultCode.ClientBusy);
        }
        else
        {
            client.Release();
            run.Ok();
        }
    }

    private void ReadSslContext(CommandRun run)
    {
        run.Info(_modem.Cmqtt.Clients.Select(client => $"+CMQTTSSLCFG: {client.Index}{(client.SslContext is { } context ? $",{context}" : "")}"));
        run.Ok();
    }

    private void SetSslContext(CommandRun run)
    {
        if (!_modem.Cmqtt.IsStarted)
        {
            run.Error();
            return;
        }

        ClientOf(run).SslContext = run.Number(1);
        run.Ok();
    }

    /// <summary>Prompts for text and keeps it when it passes the client's UTF-8 check.</summary>
    private void TakeText(CommandRun run, Needs needs, Action<CmqttClient, byte[]> keep)
    {
        if (Check(run, needs) is { } client)
        {
            run.Prompt(run.Number(1), text =>
            {
                if (!client.AcceptsText(text))
                {
                    Refuse(run, CmqttResultCode.BadUtf8String);
                    return;
                }

                keep(client, text);
                run.Ok();
            });
        }
    }

    private void SetWillMessage(CommandRun run)
    {
        if (Check(run, Needs.Disconnected) is { } client)
        {
            run.Prompt(run.Number(1), message =>
            {
                client.WillMessage = message;
                client.WillQos = run.Number(2);
                run.Ok();
            });
        }
    }

    private void Connect(CommandRun run)
    {
        if (Check(run, Needs.Disconnected) is not { } client)
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
        run.Ok();
        if (client.UsesTls)
        {
            CmqttLog.Refused(_modem.Log, client.Index, "this emulator has no TLS; acquire the client with server type 0");
            _modem.WriteUrc($"+CMQTTCONNECT: {client.Index},{(int)CmqttResultCode.SslSessionFailed}");
            return;
        }

        string shown = string.Create(CultureInfo.InvariantCulture, $",\"{run.Text(1)}\",{request.KeepAlive},{run.Number(3)}");
        shown += run.Has(4) ? $",\"{run.Text(4)}\"" : "";
        shown += run.Has(5) ? $",\"{run.Text(5)}\"" : "";
        client.Connect(request, shown);
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

    private void ReadConnections(CommandRun run)
    {
        run.Info(_modem.Cmqtt.Clients.Select(client => $"+CMQTTCONNECT: {client.Index}{client.ConnectionShown}"));
        run.Ok();
    }

    private void Disconnect(CommandRun run)
    {
        CmqttClient client = ClientOf(run);
        if (client.State == CmqttClientState.Free)
        {
            Refuse(run, CmqttResultCode.NoConnection);
            return;
        }

        if (Check(run, Needs.Connected) is null)
        {
            return;
        }

        int seconds = run.Number(1);
        run.Ok();
        client.Disconnect(TimeSpan.FromSeconds(seconds == 0 ? CmqttLimits.MaximumResponseSeconds : seconds));
    }

    private void ReadDisconnected(CommandRun run)
    {
        if (!_modem.Cmqtt.IsStarted)
        {
            run.Error();
            return;
        }

        run.Info(_modem.Cmqtt.Clients.Select(client => $"+CMQTTDISC: {client.Index},{(client.State == CmqttClientState.Connected ? 0 : 1)}"));
        run.Ok();
    }

    private void SetPayload(CommandRun run)
    {
        if (Check(run, Needs.Connected) is { } client)
        {
            run.Prompt(run.Number(1), payload =>
            {
                client.Payload = payload;
                run.Ok();
            });
        }
    }

    private void Publish(CommandRun run)
    {
        if (Check(run, Needs.Connected) is not { } client)
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

        var message = new OutgoingMessage(Encoding.UTF8.GetString(topic), payload, run.Number(1), run.Number(3) == 1, run.Number(4) == 1);
        run.Ok();
        client.Publish(message, TimeSpan.FromSeconds(run.Number(2)));
    }

    private void CacheSubscription(CommandRun run)
    {
        if (Check(run, Needs.Connected) is not { } client)
        {
            return;
        }

        if (client.SubscribeTopics.Sum(topic => topic.Filter.Length) + run.Number(1) > CmqttLimits.CachedTopics)
        {
            Refuse(run, CmqttResultCode.LengthOutOfRange);
            return;
        }

        TakeText(run, Needs.Connected, (_, text) => client.SubscribeTopics.Add((text, run.Number(2))));
    }

    private void SubscribeCached(CommandRun run)
    {
        if (Check(run, Needs.Connected) is not { } client)
        {
            return;
        }

        if (client.SubscribeTopics.Count == 0)
        {
            Refuse(run, CmqttResultCode.InvalidParameter);
            return;
        }

        (string, int)[] filters = [.. client.SubscribeTopics.Select(topic => (Encoding.UTF8.GetString(topic.Filter), topic.Qos))];
        client.SubscribeTopics.Clear();
        run.Ok();
        client.Subscribe(filters);
    }

    private void SubscribeDirectly(CommandRun run) => TakeFilter(run, (client, filter) => client.Subscribe([(filter, run.Number(2))]));

    private void CacheUnsubscription(CommandRun run)
    {
        if (Check(run, Needs.Connected) is not { } client)
        {
            return;
        }

        if (client.UnsubscribeTopics.Sum(topic => topic.Length) + run.Number(1) > CmqttLimits.CachedTopics)
        {
            Refuse(run, CmqttResultCode.LengthOutOfRange);
            return;
        }

        TakeText(run, Needs.Connected, (_, text) => client.UnsubscribeTopics.Add(text));
    }

    private void UnsubscribeCached(CommandRun run)
    {
        if (Check(run, Needs.Connected) is not { } client)
        {
            return;
        }

        if (client.UnsubscribeTopics.Count == 0)
        {
            Refuse(run, CmqttResultCode.InvalidParameter);
            return;
        }

        string[] filters = [.. client.UnsubscribeTopics.Select(Encoding.UTF8.GetString)];
        client.UnsubscribeTopics.Clear();
        run.Ok();
        client.Unsubscribe(filters);
    }

    private void UnsubscribeDirectly(CommandRun run) => TakeFilter(run, (client, filter) => client.Unsubscribe([filter]));

    /// <summary>Prompts for a filter and, when the client is still connected after the typing, starts the operation.</summary>
    private void TakeFilter(CommandRun run, Action<CmqttClient, string> start)
    {
        if (Check(run, Needs.Connected) is not { } client)
        {
            return;
        }

        run.Prompt(run.Number(1), filter =>
        {
            CmqttResultCode? obstacle = !client.AcceptsText(filter) ? CmqttResultCode.BadUtf8String
                : client.State != CmqttClientState.Connected ? CmqttResultCode.NoConnection
                : null;
            if (obstacle is not null)
            {
                Refuse(run, obstacle.Value);
                return;
            }

            run.Ok();
            start(client, Encoding.UTF8.GetString(filter));
        });
    }

    private void ReadConfiguration(CommandRun run)
    {
        run.Info(_modem.Cmqtt.Clients.Select(client => _modem.Profile.HasOperationTimeout
            ? $"+CMQTTCFG: {client.Index},{(client.ChecksUtf8 ? 1 : 0)},{client.OperationTimeout}"
            : $"+CMQTTCFG: {client.Index},{(client.ChecksUtf8 ? 1 : 0)}"));
        run.Ok();
    }

    private void Configure(CommandRun run)
    {
        CmqttClient client = _modem.Cmqtt.Clients[run.Number(1)];
        int value = run.Number(2);
        string key = run.Text(0);
        bool isUtf8 = key.Equals("checkUTF8", StringComparison.OrdinalIgnoreCase) && value is 0 or 1;
        bool isTimeout = _modem.Profile.HasOperationTimeout && key.Equals("optimeout", StringComparison.OrdinalIgnoreCase) && value is >= 20 and <= 120;
        if (!_modem.Cmqtt.IsStarted || (!isUtf8 && !isTimeout))
        {
            run.Error();
        }
        else if (client.State != CmqttClientState.Acquired)
        {
            CmqttResultCode code = client.State == CmqttClientState.Free ? CmqttResultCode.ClientNotAcquired : CmqttResultCode.OperationNotSupported;
            run.Refuse($"+CMQTTCFG: {client.Index},{(int)code}");
        }
        else
        {
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
}
