using System.Globalization;
using System.Text;
using Sim7600.Emulator.Modem;

namespace Sim7600.Emulator.Families;

/// <summary>
/// The answer of <c>AT&amp;V</c>: entries in the order of a SIM7600EI dump, wrapped as it wraps them. What this modem keeps is
/// shown as it stands; the rest is that unit's factory value.
/// </summary>
internal static class SettingsDump
{
    /// <summary>Longest line that stays one; an entry that is longer stands alone.</summary>
    private const int Width = 74;

    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(VirtualModem modem)
    {
        var line = new StringBuilder();
        foreach (string entry in Entries(modem))
        {
            if (line.Length > 0 && line.Length + entry.Length + 2 > Width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(entry).Append(';');
        }

        // The last entry has no semicolon.
        yield return line.ToString(0, line.Length - 1);
    }

    private static IEnumerable<string> Entries(VirtualModem modem)
    {
        LineSettings line = modem.Line;
        VolatileSettings settings = modem.Settings;
        yield return Text($"&C: {line.CarrierDetect}");
        yield return Text($"&D: {line.TerminalReady}");
        yield return Text($"&E: {line.SpeedShown}");
        yield return "&F: 0";
        yield return Text($"&S: {line.DataSetReady}");
        yield return "&W: 0";
        yield return Text($"E: {(line.Echo ? 1 : 0)}");
        yield return Text($"L: {line.Speaker.Loudness}");
        yield return Text($"M: {line.Speaker.Mode}");
        yield return Text($"Q: {(line.Quiet ? 1 : 0)}");
        yield return Text($"V: {(line.Verbose ? 1 : 0)}");
        yield return Text($"X: {line.ConnectDetail}");
        yield return "Z: 0";
        yield return Text($"\\Q: {line.FlowSelection}");
        yield return "\\S: 0";
        yield return Text($"\\V: {line.ProtocolShown}");
        yield return "O: 0";
        foreach (int register in new[] { 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 30, 103, 104 })
        {
            yield return Text($"S{register}: {line.Registers[register]}");
        }

        yield return Live("+FCLASS", "0");
        yield return Text($"+ICF: {line.Framing.Format},{line.Framing.Parity}");
        yield return Text($"+IFC: {line.FlowControl.Dce},{line.FlowControl.Dte}");
        yield return Text($"+IPR: {settings.BaudRate}");
        yield return "+DR: 0";
        yield return "+DS: 0,0,2048,6";
        yield return Text($"+CMEE: {line.MobileErrors}");
        yield return Live("+WS46", "25");
        yield return "+CFUN:";
        yield return Text($"+IPREX: {modem.SavedBaudRate}");
        yield return "+SSIMSTAT: 0";
        yield return "+CBST: 0,0,1";
        yield return "+CRLP: (61,61,48,6,0),(61,61,48,6,1),(240,240,52,6,2)";
        yield return "+CV120: 1,1,1,0,0,0";
        yield return "+CHSN: 0,0,0,0";
        yield return Live("+CSSN", "0,0");
        yield return Text($"+CREG: {settings.Creg}");
        yield return Text($"+CGREG: {settings.Cgreg}");
        yield return Text($"+CEREG: {settings.Cereg}");
        yield return $"+CSCS: \"{settings.CharacterSet}\"";
        yield return Live("+CSTA", "129");
        yield return Live("+CR", "0");
        yield return Live("+CRC", "0");
        yield return $"+CGDCONT: {string.Join(',', modem.Packet.Contexts.Values.Select(context => $"({PacketDataCommands.Values(context)})"))}";
        foreach (string name in new[] { "+CGDSCONT", "+CGTFT", "+CGEQREQ", "+CGEQMIN", "+CGEQOS", "+CGQREQ", "+CGQMIN" })
        {
            yield return $"{name}: ";
        }

        yield return Text($"+CGEREP: {settings.PacketEvents.Mode},{settings.PacketEvents.Buffer}");
        yield return "+CGDATA: \"PPP\"";
        yield return "+CGCLASS: \"A\"";
        yield return "+CGPIAF: 0,0,0,0";
        yield return Live("+CGSMS", "1");
        yield return "+CSMS: 0";
        yield return Live("+CMGF", "0");
        yield return "+CSAS: 0";
        yield return "+CRES: 0";
        yield return "+CSCA: \"\",";
        yield return "+CSMP: ,,0,0";
        yield return Live("+CSDH", "0");
        yield return "+CSCB: 0,\"\",\"\"";
        yield return "+ES: ,,";
        yield return "+ESA: 0,,,,0,0,255,";
        yield return "+CMOD: 0";
        yield return Live("+CEMODE", "1");
        yield return Live("+CVHU", "1");
        for (int i = 0; i < 6; i++)
        {
            yield return ""; // the unit prints nothing but the semicolon
        }

        yield return Text($"+CSCLK: {settings.SlowClock}");
        yield return "+CCUART: 0";
        yield return Text($"+CFGRI: {settings.RingLine.On},{settings.RingLine.Urc},{settings.RingLine.Sms}");
        yield return "+CUARTSD: 500";
        yield return "+CURCD: 0";
        yield return "+CUARTLOG: 0";
        yield return Text($"+CUARTRM: {settings.UartPower}");
        yield return Text($"+CFGRIDTM: {settings.RingLine.Urc},{settings.RingLine.Sms}");
        yield return Text($"+CATR: {settings.UrcPort}");
        yield return Text($"+CNMP: {modem.Permanent.PreferredMode}");
        yield return "+CNRP: 255";
        yield return "+CNAOP: 2";
        yield return "+CNSDP: 2";
        yield return Text($"+CNSMOD: {settings.SystemModeReport}");
        yield return "+CNLSA: 0";
        yield return "+CEXTEPLMN: 1";
        yield return "+CSQFMT: 1";
        yield return Text($"+AUTOCSQ: {settings.SignalReport.On},{settings.SignalReport.Mode}");
        yield return Text($"+CSQDELTA: {settings.SignalDelta}");
        yield return Text($"+CPSI: {settings.SystemInformationReport}");
        yield return "+CMGSI: 2";
        yield return "+CMGRMI: 4,0";
        yield return "+MONI: 0";
        yield return "+CRUPSI: 0";
        yield return "+CRUSET: 0";
        yield return Live("+CGPS", "0,1");
        yield return "+CGPSMSB: 1";
        yield return Live("+CGPSINFO", "0");
        yield return Live("+CGPSINFOCFG", "0,0,0");
        yield return Live("+CGPSHOR", "50");
        yield return Live("+CGPSPMD", "65407");
        yield return Live("+CGPSXD", "0");
        yield return Live("+CGNSSINFO", "0");
        yield return Live("+CSOCKAUTH", "1,0,\"\"");
        yield return $"+CGAUTH: {PacketDataCommands.Authentication(modem, PacketData.DataContext)}";
        yield return "";
        yield return Live("+CIPHEAD", "1");
        yield return Live("+CIPSRIP", "1");
        yield return Live("+CIPCCFG", "10,0,0,1,0,0,500");
        yield return Live("+CIPENSRXGET", "0");
        yield return Live("+CIPMODE", "0");
        yield return "+CPIN: ,";
        yield return "+CMEC: 0,0,0";
        yield return Live("+CNMI", "2,1,0,0,0");
        yield return Text($"+COPS: {settings.OperatorMode},{settings.OperatorFormat},\"\"");
        yield return Live("^MODE", "0");

        // Families that are not known here show what their own read form shows, as far as it is one line.
        string Live(string name, string otherwise) =>
            modem.Capture(name) is [var only] && only.StartsWith($"{name}: ", StringComparison.Ordinal) ? only : $"{name}: {otherwise}";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
