using Microsoft.Extensions.Logging;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using static Sim7600.Emulator.Commands.AtParameterDefinition;

namespace Sim7600.Emulator.Families;

/// <summary>The certificate files of the modem: load, list, delete (AT command manual V3.00, chapter 10; real sessions).</summary>
internal static partial class CertificateCommands
{
    private const string Family = "Certificates";
    private const string Source = "manual V3.00 chapter 10; SIM7600EI and SIM7600G logs";

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        AtParameterDefinition name = Text("filename", CertificateStore.MinimumName, CertificateStore.MaximumName);
        table.Add(Family, "+CCERTDOWN")
            .Write(run => Load(run, modem), name, Number("len", 1, CertificateStore.MaximumFile) with { IsLength = true })
            .WithSecretData()
            .From(Source, Evidence.Confirmed);
        table.Add(Family, "+CCERTLIST")
            .Execute(run =>
            {
                run.Info(modem.Certificates.Names.Select(file => $"+CCERTLIST: \"{file}\""));
                run.Ok();
            })
            .From(Source, Evidence.Confirmed);
        table.Add(Family, "+CCERTDELE")
            .Write(run => Delete(run, modem.Certificates), name)
            .From(Source, Evidence.Confirmed);
    }

    private static void Load(CommandRun run, VirtualModem modem)
    {
        string name = run.Text(0);
        if (!CertificateStore.IsName(name))
        {
            run.Error();
            return;
        }

        run.Prompt(run.Number(1), content =>
        {
            modem.Certificates.Store(name, content);
            if (content.AsSpan().IndexOf("-----BEGIN "u8) >= 0 && content.AsSpan().IndexOf("\r\n"u8) >= 0)
            {
                LogLineEnds(modem.Log, modem.Number, name);
            }

            run.Ok();
        });
    }

    private static void Delete(CommandRun run, CertificateStore store)
    {
        if (store.Delete(run.Text(0)))
        {
            run.Ok();
        }
        else
        {
            run.Error();
        }
    }

    [LoggerMessage(EventId = 2106, Level = LogLevel.Warning, Message = "Modem {Number}: '{File}' has CR LF line ends; modems were seen to refuse such a file with 34 (CMQTT). Store it with LF alone")]
    private static partial void LogLineEnds(ILogger log, int number, string file);
}
