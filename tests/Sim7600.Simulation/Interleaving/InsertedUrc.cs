using System.Text;

namespace Sim7600.Simulation.Interleaving;

/// <summary>An unsolicited line that the modem may print between any two lines of its own.</summary>
/// <param name="Bytes">Its bytes.</param>
/// <param name="IsHarmless">True when it changes nothing for the connection; false when it tells an end, after which an exchange may fail.</param>
internal sealed record InsertedUrc(byte[] Bytes, bool IsHarmless)
{
    public static IReadOnlyList<InsertedUrc> All { get; } =
    [
        Harmless("\r\n+CREG: 1\r\n"),
        Harmless("\r\n+CGREG: 1,\"1A2B\",\"01C2D3E4\",7\r\n"),
        Harmless("\r\n+CEREG: 5\r\n"),
        Harmless("\r\n+CSQ: 7,99\r\n"),
        Harmless("\r\n+CNSMOD: 8\r\n"),
        Harmless("\r\n+CPSI: LTE,Online,460-00,0x1A2B,12345678,100,EUTRAN-BAND3,1300,3,3,-100,-900,-600,15\r\n"),
        Harmless("\r\n+CTZV: +08\r\n"),
        Harmless("\r\n+CGEV: NW MODIFY 1,0\r\n"),
        Harmless("\r\n+CMTI: \"SM\",3\r\n"),
        Harmless("\r\n+CUSD: 0,\"OK\",15\r\n"),
        Harmless("\r\nRING\r\n"),
        Harmless("\r\n+CLIP: \"+491701234567\",145,,,,0\r\n"),
        Harmless("\r\nMISSED_CALL: 10:11AM +491701234567\r\n"),
        Harmless("\r\nSMS DONE\r\n"),
        Harmless("\r\nPB DONE\r\n"),
        Harmless("\r\n+CPIN: READY\r\n"),
        Harmless("\r\n+IPCLOSE: 3,1\r\n"),
        Harmless("\r\n+CIPRXGET: 1,3\r\n"),
        Harmless("\r\n+RECV FROM:10.0.0.1:7\r\n"),
        Harmless("\r\n+CMTE: 1\r\n"),
        Harmless("\r\nUNDER-VOLTAGE WARNNING\r\n"),
        Harmless("\r\n+CMQTTCONNLOST: 1,1\r\n"),
        Harmless($"\r\n+CMQTTRXSTART: 0,13,8\r\n+CMQTTRXTOPIC: 0,13\r\n{ExchangeBench.Filter}\r\n+CMQTTRXPAYLOAD: 0,8\r\n{ExchangeBench.Inserted}\r\n+CMQTTRXEND: 0\r\n"),
        Harmless("\r\n+CMQTTRXSTART: 1,4,5\r\n+CMQTTRXTOPIC: 1,4\r\nelse\r\n+CMQTTRXPAYLOAD: 1,5\r\nRDY\r\n\r\n+CMQTTRXEND: 1\r\n"),
        Telling("\r\n+CMQTTCONNLOST: 0,1\r\n"),
        Telling("\r\n+CMQTTCONNLOST: 0,3\r\n"),
        Telling("\r\n+CMQTTPING: 0,17\r\n"),
        Telling("\r\n+CMQTTNONET\r\n"),
        Telling("\r\nRDY\r\n"),
        Telling("\r\n+CREG: 0\r\n"),
        Telling("\r\n+SIMCARD: NOT AVAILABLE\r\n"),
    ];

    private static InsertedUrc Harmless(string text) => new(Encoding.ASCII.GetBytes(text), IsHarmless: true);

    private static InsertedUrc Telling(string text) => new(Encoding.ASCII.GetBytes(text), IsHarmless: false);
}
