using System.Text;
using Sim7600.Emulator.Commands;
using Sim7600.Protocol.Results;
using static Sim7600.Emulator.Commands.AtParameterDefinition;

namespace Sim7600.Emulator.Families;

/// <summary>
/// The CHTTPS commands of firmware before HTTPINIT (AT command manual V1.0x): one connection over which the host speaks HTTP
/// itself. A session with SIM7600CE for a second start and a failed open, drivers for the rest.
/// </summary>
internal static class ChttpsCommands
{
    private const string Family = "Chttps";
    private const string Drivers = "AT command manual V1.0x as drivers of SIM7600 and SIM5320 use it";
    private const string Session = "a SIM7600CE session; drivers of SIM7600";
    private const int LargestSend = 4096;

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        var service = new ChttpsService(modem);
        modem.Register(service);
        table.Add(Family, "+CHTTPSSTART").From(Session, Evidence.OneSource)
            .Execute(run =>
            {
                if (service.IsStarted || !modem.Sockets.HasBearer)
                {
                    run.Error();
                    return;
                }

                service.IsStarted = true;
                run.Ok();
                modem.WriteUrc("+CHTTPSSTART: 0");
            });
        table.Add(Family, "+CHTTPSSTOP").From(Drivers, Evidence.Inferred)
            .Execute(If(() => service.IsStarted, run =>
            {
                service.Abort();
                run.Ok();
                modem.WriteUrc("+CHTTPSSTOP: 0");
            }));
        table.Add(Family, "+CHTTPSSTATE").From(Drivers, Evidence.Inferred)
            .Execute(run => GeneralCommands.Show(run, $"+CHTTPSSTATE: {service.State}"));
        table.Add(Family, "+CHTTPSOPSE").From(Session, Evidence.OneSource)
            .Write(
                If(() => service.IsStarted && !service.IsInUse, run =>
                {
                    run.Ok();
                    service.Open(run.Text(0), run.Number(1), isSecure: run.Number(2, 2) == 2);
                }),
                Text("host", 1, 256),
                Number("port", 1, 65535),
                Number("server_type", 1, 2).Optional)
            .Test("+CHTTPSOPSE: \"ADDRESS\",(1-65535)[,(1-2)]");
        table.Add(Family, "+CHTTPSCLSE").From(Drivers, Evidence.Inferred)
            .Execute(If(() => service.IsInUse, run =>
            {
                service.Close();
                run.Ok();
                service.WriteResult("+CHTTPSCLSE", CchResultCode.Success);
            }));
        table.Add(Family, "+CHTTPSSEND").From(Drivers, Evidence.Inferred)
            .Execute(If(() => service.IsInUse, run =>
            {
                run.Ok();
                service.WriteResult("+CHTTPSSEND", service.SendResult);
            }))
            .Write(
                If(() => service.IsOpen, run => run.Prompt(run.Number(0), bytes =>
                {
                    run.Ok();
                    service.Send(bytes);
                })),
                Number("len", 1, LargestSend));
        table.Add(Family, "+CHTTPSRECV").From(Drivers, Evidence.Inferred)
            .Read(If(() => service.IsStarted, run => GeneralCommands.Show(run, $"+CHTTPSRECV: LEN,{service.Waiting}")))
            .Write(If(() => service.IsStarted, run => Receive(run, modem, service)), Number("max_recv_len", 1, LargestSend));
    }

    private static Action<CommandRun> If(Func<bool> isPossible, Action<CommandRun> handler) => run =>
    {
        if (isPossible())
        {
            handler(run);
        }
        else
        {
            run.Error();
        }
    };

    private static void Receive(CommandRun run, VirtualModem modem, ChttpsService service)
    {
        byte[] bytes = service.Take(run.Number(0));
        run.Ok();
        if (bytes.Length > 0)
        {
            modem.WriteUrc([.. Encoding.ASCII.GetBytes($"\r\n+CHTTPSRECV: DATA,{bytes.Length}\r\n"), .. bytes, (byte)'\r', (byte)'\n']);
        }

        modem.WriteUrc("+CHTTPSRECV: 0");
    }
}
