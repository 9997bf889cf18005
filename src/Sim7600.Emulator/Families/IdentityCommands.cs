using Sim7600.Emulator.Commands;

namespace Sim7600.Emulator.Families;

/// <summary>Who the modem is (AT command manual V3.00, chapters 2 and 3; real sessions for prefixes and lines).</summary>
internal static class IdentityCommands
{
    private const string Family = "Identity";
    private const string Sessions = "AT command manual V3.00, chapters 2 and 3; sessions of SIM7600E-H, EI and G-H";

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        ModemIdentity identity = modem.Identity;
        string capabilities = $"+GCAP: {identity.Gcap}";
        table.Add(Family, "I").Execute(run => Show(
            run,
            [
                $"Manufacturer: {identity.Manufacturer}",
                $"Model: {identity.Model}",
                $"Revision: {identity.Revision}",
                .. Line("Revision: ", identity.SecondRevision),
                .. Line("SVN: ", identity.Svn),
                $"IMEI: {identity.Imei}",
                capabilities,
            ])).From(Sessions, Evidence.Confirmed);
        table.Add(Family, "+SIMCOMATI").Execute(run => Show(
            run,
            [
                $"Manufacturer: {identity.Manufacturer}",
                $"Model: {identity.Model}",
                $"Revision: {identity.Build}",
                .. Line("", identity.SecondBuild),
                "QCN: ",
                $"IMEI: {identity.Imei}",
                "MEID: ",
                capabilities,
                .. Line("DeviceInfo: ", identity.DeviceInfo),
            ])).From("sessions of SIM7600G-H", Evidence.Confirmed);
        foreach ((string name, string answer) in new[]
        {
            ("+CGMI", identity.Manufacturer), ("+GMI", identity.Manufacturer),
            ("+CGMM", identity.Model), ("+GMM", identity.Model),
            ("+CGMR", $"+CGMR: {identity.Build}"), ("+GMR", $"+GMR: {identity.Build}"),
            ("+CGSN", identity.Imei), ("+GSN", identity.Imei),
            ("+GCAP", capabilities),
        })
        {
            table.Add(Family, name).Execute(run => Show(run, [answer])).From(Sessions, name == "+GMR" ? Evidence.Inferred : Evidence.Confirmed);
        }

        table.Add(Family, "+SIMEI").Read(run => Show(run, [$"+SIMEI: {identity.Imei}"])).From("AT command manual V3.00, chapter 3", Evidence.Documented);
        table.Add(Family, "+CSUB").Execute(run => Show(run, [.. identity.SubVersion.Select(line => $"+CSUB: {line}")]))
            .From("a session of a SIM7600", Evidence.OneSource);
    }

    private static string[] Line(string label, string? value) => value is null ? [] : [label + value];

    private static void Show(CommandRun run, string[] lines)
    {
        run.Info(lines);
        run.Ok();
    }
}
