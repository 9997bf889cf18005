using Sim7600.Emulator.Broker;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using Sim7600.Protocol.Results;
using static Sim7600.Emulator.Commands.AtParameterDefinition;

namespace Sim7600.Emulator.Families;

/// <summary>
/// The CCH sockets (AT command manual V3.00, chapter 10): TLS by the SSL context of the session, which is what the firmware
/// gets when it does not say otherwise, or plain TCP.
/// </summary>
internal static class CchCommands
{
    private const string Family = "Cch";
    private const string Manual = "AT command manual V3.00, chapter 10";
    private const string ManualAndLog = "AT command manual V3.00, chapter 10; a log of SIM7600";
    private const int LargestSend = 2048;

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        var service = new CchService(modem);
        modem.Register(service);
        CchSettings Settings() => modem.Settings.Cch;
        AtParameterDefinition session = Number("session_id", 0, 1);
        table.Add(Family, "+CCHSTART").From(Manual, Evidence.Documented)
            .Execute(run =>
            {
                if (service.IsStarted || !modem.Sockets.HasBearer)
                {
                    run.Error();
                    return;
                }

                service.IsStarted = true;
                run.Ok();
                modem.WriteUrc("+CCHSTART: 0");
            })
            .Test();
        table.Add(Family, "+CCHSTOP").From(Manual, Evidence.Documented)
            .Execute(Started(run =>
            {
                service.Abort();
                run.Ok();
                modem.WriteUrc("+CCHSTOP: 0");
            }))
            .Test();
        table.Add(Family, "+CCHSET").From(Manual, Evidence.Documented)
            .Read(run => GeneralCommands.Show(run, $"+CCHSET: {(Settings().ReportsSends ? 1 : 0)},{(Settings().ReceivesByHand ? 1 : 0)}"))
            .Write(
                run =>
                {
                    if (service.IsStarted)
                    {
                        run.Error(); // before CCHSTART only
                        return;
                    }

                    Settings().ReportsSends = run.Number(0) == 1;
                    Settings().ReceivesByHand = run.Number(1) == 1;
                    run.Ok();
                },
                Number("report_send_result", 0, 1),
                Number("recv_mode", 0, 1).Optional);
        table.Add(Family, "+CCHCFG").From(Manual, Evidence.Documented)
            .Read(run =>
            {
                run.Info(service.Sessions.Select(each => $"+CCHCFG: {each.Number},{each.SendTimeout},{each.SslContext}"));
                run.Ok();
            })
            .Write(Started(Unused(run => Configure(run, service), at: 1)), Text("key", 6, 11), session, Number("value", 0, 150))
            .Test("+CCHCFG: \"sendtimeout\",(0,1),(60-150)", "+CCHCFG: \"sslctx\",(0,1),(0-9)");
        table.Add(Family, "+CCHSSLCFG").From(Manual, Evidence.Documented)
            .Read(run =>
            {
                run.Info(service.Sessions.Select(each => $"+CCHSSLCFG: {each.Number},{each.SslContext}"));
                run.Ok();
            })
            .Write(Started(Unused(run => GeneralCommands.Set(run, () => service.Sessions[run.Number(0)].SslContext = run.Number(1)), at: 0)), session, Number("ssl_ctx_index", 0, 9));
        table.Add(Family, "+CCHADDR").From(Manual, Evidence.Documented)
            .Execute(Started(run => GeneralCommands.Show(run, $"+CCHADDR: {modem.Network.Address}")))
            .Test();
        table.Add(Family, "+CCHOPEN").From(Manual, Evidence.Documented)
            .Write(Started(run => Open(run, modem, service)), session, Text("host", 1, 256), Number("port", 1, 65535), Number("client_type", 1, 2).Optional, Number("bind_port", 0, 65535).Optional)
            .Test("+CCHOPEN: (0,1),\"ADDRESS\",(1-65535)[,(1-2)[,(1-65535)]]");
        table.Add(Family, "+CCHSEND").From(Manual, Evidence.Documented)
            .Write(
                run =>
                {
                    CchSession to = service.Sessions[run.Number(0)];
                    if (!to.IsOpen)
                    {
                        run.Error();
                        return;
                    }

                    run.Prompt(run.Number(1), bytes =>
                    {
                        run.Ok();
                        to.Send(bytes);
                    });
                },
                session,
                Number("len", 1, LargestSend));
        table.Add(Family, "+CCHRECV").From(ManualAndLog, Evidence.Confirmed)
            .Read(run => GeneralCommands.Show(run, $"+CCHRECV: LEN,{service.Sessions[0].Waiting},{service.Sessions[1].Waiting}"))
            .Write(run => Receive(run, modem, service), session, Number("max_recv_len", 1, LargestSend).Optional);
        table.Add(Family, "+CCHCLOSE").From(Manual, Evidence.Documented)
            .Write(
                run =>
                {
                    CchSession which = service.Sessions[run.Number(0)];
                    if (!which.IsInUse)
                    {
                        run.Error();
                        return;
                    }

                    which.Close();
                    run.Ok();
                    modem.WriteUrc($"+CCHCLOSE: {which.Number},0");
                },
                session);

        // Taken between CCHSTART and CCHOPEN only (manual).
        Action<CommandRun> Unused(Action<CommandRun> handler, int at) => run =>
        {
            if (service.Sessions[run.Number(at)].IsInUse)
            {
                run.Error();
            }
            else
            {
                handler(run);
            }
        };

        Action<CommandRun> Started(Action<CommandRun> handler) => run =>
        {
            if (service.IsStarted)
            {
                handler(run);
            }
            else
            {
                run.Error(); // real sessions: without a session a bare ERROR
            }
        };
    }

    private static void Configure(CommandRun run, CchService service)
    {
        CchSession session = service.Sessions[run.Number(1)];
        int value = run.Number(2);
        switch (run.Text(0).ToUpperInvariant())
        {
            case "SENDTIMEOUT" when value >= 60:
                session.SendTimeout = value;
                run.Ok();
                break;
            case "SSLCTX" when value <= 9:
                session.SslContext = value;
                run.Ok();
                break;
            default:
                run.Error();
                break;
        }
    }

    private static void Open(CommandRun run, VirtualModem modem, CchService service)
    {
        CchSession session = service.Sessions[run.Number(0)];
        if (session.IsInUse)
        {
            run.Error();
            return;
        }

        string host = run.Text(1);
        int port = run.Number(2);
        TlsRequest? tls = null;
        string? missing = null;
        if (run.Number(3, 2) == 2)
        {
            tls = TlsSettings.Collect(modem, session.SslContext, out missing);
        }

        run.Ok();
        if (missing is not null)
        {
            session.Fail(CchResultCode.CertificatesMissing, host, port, missing);
            return;
        }

        session.Connect(host, port, run.Number(4), tls);
    }

    private static void Receive(CommandRun run, VirtualModem modem, CchService service)
    {
        CchSession session = service.Sessions[run.Number(0)];
        byte[] bytes = session.Take(run.Number(1, LargestSend));
        if (bytes.Length == 0)
        {
            run.Error();
            return;
        }

        run.Ok();
        modem.WriteUrc([.. System.Text.Encoding.ASCII.GetBytes($"\r\n+CCHRECV: DATA,{session.Number},{bytes.Length}\r\n"), .. bytes, (byte)'\r', (byte)'\n']);
        modem.WriteUrc($"+CCHRECV: {session.Number},0");
    }
}
