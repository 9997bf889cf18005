using Sim7600.Emulator.Commands;

namespace Sim7600.Emulator.Families;

/// <summary>Who the modem is (AT command manual V3.00, chapters 2 and 3; real sessions for prefixes and lines).</summary>
internal static class IdentityCommands
{
    private const string Family = "Identity";

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        ModemIdentity identity = modem.Identity;
        table.Add(Family, "I").Execute(run => Show(
            run,
            $"Manufacturer: {identity.Manufacturer}",
            $"Model: {identity.Model}",
            $"Revision: {identity.Revision}",
            $"IMEI: {identity.Imei}",
            "+GCAP: +CGSM"));
        table.Add(Family, "+SIMCOMATI").Execute(run => Show(
            run,
            $"Manufacturer: {identity.Manufacturer}",
            $"Model: {identity.Model}",
            $"Revision: {identity.Build}",
            "QCN: ",
            $"IMEI: {identity.Imei}",
            "MEID: ",
            "+GCAP: +CGSM"));
        foreach ((string name, string answer) in new[]
        {
            ("+CGMI", identity.Manufacturer), ("+GMI", identity.Manufacturer),
            ("+CGMM", identity.Model), ("+GMM", identity.Model),
            ("+CGMR", $"+CGMR: {identity.Build}"), ("+GMR", $"+GMR: {identity.Build}"),
            ("+CGSN", identity.Imei), ("+GSN", identity.Imei),
            ("+GCAP", "+GCAP: +CGSM"),
        })
        {
            table.Add(Family, name).Execute(run => Show(run, answer));
        }

        table.Add(Family, "+SIMEI").Read(run => Show(run, $"+SIMEI: {identity.Imei}"));
        table.Add(Family, "+CSUB").Execute(run => Show(run, $"+CSUB: B04V01", "+CSUB: MDM9x07"));
    }

    private static void Show(CommandRun run, params string[] lines)
    {
        run.Info(lines);
        run.Ok();
    }
}
