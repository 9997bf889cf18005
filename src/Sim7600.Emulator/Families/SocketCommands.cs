using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using Sim7600.Emulator.Network;
using Sim7600.Protocol.Results;
using static Sim7600.Emulator.Commands.AtParameterDefinition;

namespace Sim7600.Emulator.Families;

/// <summary>TCP and UDP sockets, names and pings (AT command manual V3.00, chapter 11; real sessions for order and errors).</summary>
internal sealed class SocketCommands
{
    private const string Family = "Sockets";
    private const string Chapter = "AT command manual V3.00, chapter 11";
    private const string ChapterAndLogs = "AT command manual V3.00, chapter 11; logs of SIM7600";
    private const int LargestSend = 1500;
    private static readonly TimeSpan NameLimit = TimeSpan.FromSeconds(30);
    private readonly VirtualModem _modem;
    private readonly SocketService _service;

    private SocketCommands(VirtualModem modem)
    {
        _modem = modem;
        _service = new SocketService(modem);
    }

    public static SocketService Declare(CommandTable table, VirtualModem modem)
    {
        var commands = new SocketCommands(modem);
        modem.Register(commands._service);
        commands.DeclareService(table);
        commands.DeclareLinks(table);
        commands.DeclareReceiving(table);
        commands.DeclareSettings(table);
        commands.DeclareNames(table);
        return commands._service;
    }

    private SocketSettings Settings => _modem.Settings.Sockets;

    private static AtParameterDefinition Link { get; } = Number("link_num", 0, SocketService.LinkCount - 1) with { IsClientIndex = true };

    private static AtParameterDefinition Port(string name) => Number(name, 1, 65535);

    private void DeclareService(CommandTable table)
    {
        table.Add(Family, "+NETOPEN").From(ChapterAndLogs, Evidence.Confirmed)
            .Execute(Open)
            .Read(run => GeneralCommands.Show(run, $"+NETOPEN: {(_service.IsNetworkOpen ? 1 : 0)}"))
            .Test();
        table.Add(Family, "+NETCLOSE").From(ChapterAndLogs, Evidence.Confirmed)
            .Execute(run =>
            {
                if (!_service.IsNetworkOpen)
                {
                    run.Refuse($"+NETCLOSE: {(int)SocketResultCode.NetworkNotOpened}");
                    return;
                }

                _service.Close();
                run.Ok();
                _modem.WriteUrc("+NETCLOSE: 0");
            })
            .Test();
        table.Add(Family, "+IPADDR").From(ChapterAndLogs, Evidence.Confirmed)
            .Execute(run =>
            {
                if (_service.IsNetworkOpen)
                {
                    GeneralCommands.Show(run, $"+IPADDR: {_modem.Network.Address}");
                }
                else
                {
                    RefuseWithWords(run, IpError.NetworkNotOpened);
                }
            })
            .Test();
        table.Add(Family, "+CIPMODE").From(ChapterAndLogs, Evidence.Confirmed)
            .Execute(run => GeneralCommands.Set(run, () => Settings.TransparentMode = 0))
            .Read(run => GeneralCommands.Show(run, $"+CIPMODE: {Settings.TransparentMode}"))
            .Write(
                run =>
                {
                    if (_service.IsNetworkOpen && run.Number(0) != Settings.TransparentMode)
                    {
                        run.Error(); // the mode is chosen before NETOPEN
                        return;
                    }

                    Settings.TransparentMode = run.Number(0);
                    run.Ok();
                },
                Number("mode", 0, 1));
    }

    private void DeclareLinks(CommandTable table)
    {
        table.Add(Family, "+CIPOPEN").From(ChapterAndLogs, Evidence.Confirmed)
            .Read(run =>
            {
                run.Info(_service.Links.Select(Describe));
                run.Ok();
            })
            .Write(Connect, Link, Text("type", 3, 3), Text("serverIP", 0, 256).Optional, Port("serverPort").Optional, Number("localPort", 0, 65535).Optional)
            .Faults((run, fault) => Refuse(run, fault, "+CIPOPEN"))
            .Test("+CIPOPEN: (0-9),(\"TCP\",\"UDP\")");
        table.Add(Family, "+CIPSEND").From(ChapterAndLogs, Evidence.Confirmed)
            .Execute(run => run.Refuse($"+CIPERROR: {(int)SocketResultCode.OperationNotSupported}"))
            .Write(Send, Link, Number("length", 1, LargestSend).Optional, Text("serverIP", 1, 256).Optional, Port("serverPort").Optional)
            .Faults((run, fault) =>
            {
                if (fault == ArgumentFault.ClientIndex)
                {
                    RefuseWithWords(run, IpError.InvalidParameter);
                }
                else
                {
                    run.Refuse($"+CIPERROR: {(int)SocketResultCode.WrongParameter}");
                }
            })
            .Test($"+CIPSEND: (0-9),(1-{LargestSend})");
        table.Add(Family, "+CIPCLOSE").From(ChapterAndLogs, Evidence.Confirmed)
            .Read(run => GeneralCommands.Show(run, $"+CIPCLOSE: {string.Join(',', _service.Links.Select(link => link.IsOpen ? 1 : 0))}"))
            .Write(Close, Link)
            .Faults((run, fault) => Refuse(run, fault, "+CIPCLOSE"));
        table.Add(Family, "+CIPACK").From(Chapter, Evidence.Documented)
            .Write(
                run =>
                {
                    SocketLink link = LinkOf(run);
                    if (link.Kind == SocketLinkKind.Tcp)
                    {
                        GeneralCommands.Show(run, $"+CIPACK: {link.Sent},{link.Sent},{link.Received}");
                    }
                    else
                    {
                        RefuseWithWords(run, IpError.OperationNotSupported);
                    }
                },
                Link)
            .Faults((run, _) => RefuseWithWords(run, IpError.InvalidParameter));
    }

    private void DeclareReceiving(CommandTable table)
    {
        table.Add(Family, "+CIPRXGET").From("AT command manual V3.00, chapter 11; a log of SIM7600G-H; TinyGSM", Evidence.Confirmed)
            .Read(run => GeneralCommands.Show(run, $"+CIPRXGET: {Settings.ReceiveMode}"))
            .Write(run => GeneralCommands.Set(run, () => Settings.ReceiveMode = run.Number(0)), Number("mode", 0, 1))
            .Write(Fetch, Number("mode", 2, 4), Link, Number("len", 1, LargestSend).Optional)
            .Faults((run, fault) =>
            {
                if (fault is ArgumentFault.ClientIndex or ArgumentFault.Value)
                {
                    RefuseWithWords(run, IpError.InvalidParameter);
                }
                else
                {
                    run.Error();
                }
            })
            .Test("+CIPRXGET: (0-4),(0-9),(1-1500)");
        Flag(table, "+CIPHEAD", () => Settings.ShowsLength, value => Settings.ShowsLength = value, bare: 1);
        Flag(table, "+CIPSRIP", () => Settings.ShowsSender, value => Settings.ShowsSender = value, bare: 1);
    }

    private void DeclareSettings(CommandTable table)
    {
        Flag(table, "+CIPSENDMODE", () => Settings.SendMode, value => Settings.SendMode = value, bare: 0);
        AtParameterDefinition wait = Number("timeout", 3000, 120000);
        table.Add(Family, "+CIPTIMEOUT").From(ChapterAndLogs, Evidence.Confirmed)
            .Read(run => GeneralCommands.Show(run, $"+CIPTIMEOUT: {string.Join(',', Settings.Timeouts)}"))
            .Write(run => GeneralCommands.Set(run, () => Settings.Timeouts = Merge(run, Settings.Timeouts)), wait.Optional, wait.Optional, wait.Optional);
        table.Add(Family, "+CIPCCFG").From(ChapterAndLogs, Evidence.Confirmed)
            .Read(run => GeneralCommands.Show(run, $"+CIPCCFG: {string.Join(',', Settings.Configuration)}"))
            .Write(
                run => GeneralCommands.Set(run, () => Settings.Configuration = Merge(run, Settings.Configuration)),
                Number("NmRetry", 0, 10).Optional,
                Number("DelayTm", 0, 1000).Optional,
                Number("Ack", 0, 0).Optional with { TestText = "(0)" },
                Number("errMode", 0, 1).Optional,
                Number("HeaderType", 0, 1).Optional,
                Number("AsyncMode", 0, 1).Optional,
                Number("TimeoutVal", 500, 120000).Optional);
        table.Add(Family, "+CIPDNSSET").From(Chapter, Evidence.Documented)
            .Read(run => GeneralCommands.Show(run, $"+CIPDNSSET: {string.Join(',', Settings.NameLookUp)}"))
            .Write(
                run => GeneralCommands.Set(run, () => Settings.NameLookUp = Merge(run, Settings.NameLookUp)),
                Number("max_net_retries", 0, 3).Optional,
                Number("net_timeout", 3000, 120000).Optional,
                Number("max_query_retries", 0, 7).Optional);
    }

    private void DeclareNames(CommandTable table)
    {
        table.Add(Family, "+CDNSGIP").From(ChapterAndLogs, Evidence.Confirmed)
            .Write(run => LookUp(run, address => $"+CDNSGIP: 1,\"{run.Text(0)}\",\"{address}\""), Text("domain_name", 1, 254))
            .Test();
        table.Add(Family, "+CPING").From(ChapterAndLogs, Evidence.Confirmed)
            .Write(
                run =>
                {
                    run.Ok();
                    Ping(run);
                },
                Text("dest_addr", 1, 254),
                Number("dest_addr_type", 1, 2),
                Number("num_pings", 1, 100).Optional,
                Number("data_packet_size", 4, 188).Optional,
                Number("interval_time", 1000, 10000).Optional,
                Number("wait_time", 10000, 100000).Optional,
                Number("TTL", 16, 255).Optional)
            .Test("+CPING: IP address,(1,2),(1-100),(4-188),(1000-10000),(10000-100000),(16-255)");
        table.Add(Family, "+CPINGSTOP").From(Chapter, Evidence.Documented)
            .Execute(run =>
            {
                run.Ok();
                _ping?.Stop();
            })
            .Test();
    }

    private PingRun? _ping;

    private SocketLink LinkOf(CommandRun run, int index = 0) => _service.Links[run.Number(index)];

    private void RefuseWithWords(CommandRun run, int error) =>
        run.Refuse($"+IP ERROR: {(Settings.ShowsErrorWords ? IpError.TextOf(error) : error.ToString(CultureInfo.InvariantCulture))}");

    private void Refuse(CommandRun run, ArgumentFault fault, string name)
    {
        if (fault == ArgumentFault.ClientIndex)
        {
            RefuseWithWords(run, IpError.InvalidParameter);
        }
        else
        {
            Refuse(run, name, SocketResultCode.WrongParameter);
        }
    }

    private static void Refuse(CommandRun run, string name, SocketResultCode code) => run.Refuse($"{name}: {run.Number(0)},{(int)code}");

    private void Open(CommandRun run)
    {
        if (_service.IsNetworkOpen)
        {
            RefuseWithWords(run, IpError.NetworkAlreadyOpened);
        }
        else if (_service.FailsToOpen)
        {
            run.Ok();
            _modem.WriteUrc($"+NETOPEN: {(int)SocketResultCode.NetworkFailure}");
        }
        else if (!_service.HasBearer)
        {
            run.Error();
        }
        else
        {
            _modem.Packet.Active.Add(PacketData.DataContext);
            _service.IsNetworkOpen = true;
            run.Ok();
            _modem.WriteUrc("+NETOPEN: 0");
        }
    }

    private static string Describe(SocketLink link) => link.Kind switch
    {
        SocketLinkKind.Tcp => $"+CIPOPEN: {link.Number},\"TCP\",\"{link.Remote!.Address}\",{link.Remote.Port},-1",
        SocketLinkKind.Udp => $"+CIPOPEN: {link.Number},\"UDP\",\"0.0.0.0\",0,-1",
        _ => $"+CIPOPEN: {link.Number}",
    };

    private void Connect(CommandRun run)
    {
        SocketLink link = LinkOf(run);
        bool isUdp = run.Text(1).Equals("UDP", StringComparison.OrdinalIgnoreCase);
        bool isTcp = run.Text(1).Equals("TCP", StringComparison.OrdinalIgnoreCase);
        if ((!isUdp && !isTcp) || (isTcp && (run.Text(2).Length == 0 || !run.Has(3))) || (isUdp && !run.Has(4)))
        {
            Refuse(run, "+CIPOPEN", SocketResultCode.WrongParameter);
        }
        else if (!_service.IsNetworkOpen)
        {
            Refuse(run, "+CIPOPEN", SocketResultCode.NetworkNotOpened);
        }
        else if (link.Kind != SocketLinkKind.Closed)
        {
            Refuse(run, "+CIPOPEN", SocketResultCode.OperationNotSupported);
        }
        else if (isUdp)
        {
            Bind(run, link);
        }
        else if (Settings.TransparentMode == 1)
        {
            run.Info("CONNECT FAIL"); // there is no data mode yet
            run.Error();
        }
        else
        {
            run.Ok();
            _service.Connect(link, run.Text(2), run.Number(3), run.Number(4));
        }
    }

    private void Bind(CommandRun run, SocketLink link)
    {
        try
        {
            link.Opened(_modem.Dialer.Bind(run.Number(4)));
        }
        catch (SocketException error)
        {
            Refuse(run, "+CIPOPEN", SocketService.CodeOf(error));
            return;
        }

        GeneralCommands.Show(run, $"+CIPOPEN: {link.Number},0");
    }

    private void Send(CommandRun run)
    {
        SocketLink link = LinkOf(run);
        bool namesPeer = run.Has(2) || run.Has(3);
        SocketResultCode? obstacle = !_service.IsNetworkOpen ? SocketResultCode.NetworkNotOpened
            : namesPeer != (link.Kind == SocketLinkKind.Udp) ? (namesPeer || link.IsOpen ? SocketResultCode.WrongParameter : SocketResultCode.OperationNotSupported)
            : namesPeer && !(run.Has(2) && run.Has(3)) ? SocketResultCode.WrongParameter
            : !link.IsOpen ? SocketResultCode.OperationNotSupported
            : null;
        if (obstacle is not null)
        {
            run.Refuse($"+CIPERROR: {(int)obstacle}");
            return;
        }

        string? host = namesPeer ? run.Text(2) : null;
        int port = run.Number(3);
        if (run.Has(1))
        {
            run.Prompt(run.Number(1), bytes => Accept(bytes));
        }
        else
        {
            run.PromptText(Accept);
        }

        void Accept(byte[]? bytes)
        {
            if (bytes is null || bytes.Length == 0)
            {
                run.Error();
                return;
            }

            run.Ok();
            _service.Send(link, bytes[..Math.Min(bytes.Length, LargestSend)], host, port);
        }
    }

    private void Close(CommandRun run)
    {
        SocketLink link = LinkOf(run);
        if (!link.IsOpen)
        {
            Refuse(run, "+CIPCLOSE", SocketResultCode.OperationNotSupported);
            return;
        }

        bool isTcp = link.Kind == SocketLinkKind.Tcp;
        link.Close();
        if (isTcp)
        {
            run.Ok();
            _modem.WriteUrc($"+CIPCLOSE: {link.Number},0");
        }
        else
        {
            GeneralCommands.Show(run, $"+CIPCLOSE: {link.Number},0");
        }
    }

    private void Fetch(CommandRun run)
    {
        int mode = run.Number(0);
        SocketLink link = LinkOf(run, 1);
        if (mode == 4)
        {
            GeneralCommands.Show(run, $"+CIPRXGET: 4,{link.Number},{link.Waiting}");
            return;
        }

        int most = mode == 3 ? LargestSend / 2 : LargestSend;
        if (run.Number(2, most) > most)
        {
            RefuseWithWords(run, IpError.InvalidParameter);
            return;
        }

        byte[] bytes = link.Take(run.Number(2, most));
        if (bytes.Length == 0)
        {
            RefuseWithWords(run, IpError.NoData);
            return;
        }

        run.Info(
            $"+CIPRXGET: {mode},{link.Number},{bytes.Length},{link.Waiting}",
            mode == 3 ? System.Text.Encoding.ASCII.GetBytes(Convert.ToHexString(bytes)) : bytes);
        run.Ok();
    }

    /// <summary>Resolves the name in the first parameter while the command waits.</summary>
    private void LookUp(CommandRun run, Func<IPAddress, string> answer)
    {
        string failure = $"{run.Invocation.Name}: 0,{(int)SocketResultCode.Timeout}";
        if (!_service.HasBearer)
        {
            run.Refuse(failure);
            return;
        }

        var timeout = new CancellationTokenSource();
        IDisposable limit = _modem.After(NameLimit, timeout.Cancel);
        INetworkDialer dialer = _modem.Dialer;
        _modem.RunBeside(
            token => dialer.ResolveAsync(run.Text(0), token),
            (addresses, error) =>
            {
                limit.Dispose();
                timeout.Dispose();
                if (error is null)
                {
                    GeneralCommands.Show(run, answer(addresses![0]));
                }
                else
                {
                    run.Refuse(failure);
                }
            },
            cancellationToken: timeout.Token);
    }

    private void Ping(CommandRun run)
    {
        _ping?.Stop();
        _ping = new PingRun(_modem, _service)
        {
            Host = run.Text(0),
            Count = run.Number(2, 4),
            Size = run.Number(3, 64),
            Interval = TimeSpan.FromMilliseconds(run.Number(4, 2000)),
            Limit = TimeSpan.FromMilliseconds(run.Number(5, 10000)),
            TimeToLive = run.Number(6, 255),
        };
        _ping.Start();
    }

    private static void Flag(CommandTable table, string name, Func<int> read, Action<int> set, int bare) => table.Add(Family, name)
        .From(ChapterAndLogs, Evidence.Confirmed)
        .Execute(run => GeneralCommands.Set(run, () => set(bare)))
        .Read(run => GeneralCommands.Show(run, $"{name}: {read()}"))
        .Write(run => GeneralCommands.Set(run, () => set(run.Number(0))), Number("mode", 0, 1));

    /// <summary>The given values, and the old ones where a parameter was left out.</summary>
    private static int[] Merge(CommandRun run, int[] old) => [.. old.Select((value, index) => run.Number(index, value))];
}
