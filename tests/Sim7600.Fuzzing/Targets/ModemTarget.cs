using System.Text;
using Sim7600.Emulator;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using Sim7600.Emulator.Scenarios;

namespace Sim7600.Fuzzing.Targets;

/// <summary>What is typed, where the byte FE with a number N behind it lets the modem do N things by itself first.</summary>
internal sealed class ModemTarget : IFuzzTarget
{
    private const byte Pass = 0xFE;

    /// <inheritdoc/>
    public string Name => "modem";

    /// <inheritdoc/>
    public string Meaning => "the whole software modem, any bytes typed at any moment: no command handler throws, output is bounded, and AT is answered once what was asked for was given";

    /// <inheritdoc/>
    public int LongestInput => 1_500;

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Words { get; } = [.. CommandWords(), .. ((string[])["\r", "\r\n", "AT", "=?\r", "?\r", "=", ",", ";", "\"", "\"\"", "\x1A", "\x1B", "+++", "\xFE\x01", "\xFE\x08", "A/"]).Select(Encoding.Latin1.GetBytes)];

    /// <inheritdoc/>
    public IEnumerable<byte[]> Seeds =>
    [
        .. SessionBytes.Typed(),
        .. CommandWords().Where(word => word[^1] == '\r'),
        .. ((string[])
        [
            "AT+CMQTTSTART\rAT+CMQTTACCQ=0,\"c\"\rAT+CMQTTCONNECT=0,\"tcp://b:1883\",60,1\r\xFE\x02" + "AT+CMQTTTOPIC=0,3\ra/bAT+CMQTTPAYLOAD=0,2\rhiAT+CMQTTPUB=0,1,60\r\xFE\x02" + "AT+CMQTTSUB=0,3,1\ra/b\xFE\x02",
            "AT+CMGF=1\rAT+CMGS=\"+441234\"\rhello\x1A\xFE\x02" + "AT+CMGL=\"ALL\"\r",
            "AT+NETOPEN\r\xFE\x01" + "AT+CIPOPEN=0,\"TCP\",\"192.0.2.1\",80\r\xFE\x01" + "AT+CIPSEND=0,5\rhelloAT+CIPCLOSE=0\r",
            "AT+CIPMODE=1\rAT+NETOPEN\r\xFE\x01" + "AT+CIPOPEN=0,\"TCP\",\"192.0.2.1\",80\r\xFE\x01" + "abc\xFE\x02+++\xFE\x02" + "ATH\r",
            "AT+HTTPINIT\rAT+HTTPPARA=\"URL\",\"http://x/\"\rAT+HTTPDATA=5,1000\rhelloAT+HTTPACTION=1\r\xFE\x02" + "AT+HTTPREAD=0,10\r",
            "AT+CFTRANRX=\"c:/a\",3\rabcAT+CFTRANTX=\"c:/a\"\rAT+FSLS\r",
            "AT+CCHSTART\r\xFE\x01" + "AT+CCHOPEN=0,\"x\",443,2\r\xFE\x01" + "AT+CCHSEND=0,3\rabcAT+CCHRECV=0,10\r",
        ]).Select(Encoding.Latin1.GetBytes),
    ];

    /// <inheritdoc/>
    public async Task RunAsync(byte[] input)
    {
        await using var modem = new FuzzedModem();
        int start = 0;
        for (int at = 0; at <= input.Length; at++)
        {
            if (at < input.Length && input[at] != Pass)
            {
                continue;
            }

            if (at > start)
            {
                await modem.TypeAsync(input[start..at]);
            }

            await modem.PassAsync(at + 1 < input.Length ? input[at + 1] % 16 : 0);
            start = ++at + 1;
        }

        await modem.AnswerAsync();
    }

    /// <summary>Every command in every form, with whole numbers and texts as its parameters want them.</summary>
    private static IEnumerable<byte[]> CommandWords()
    {
        var modem = new VirtualModem(1, new VirtualModemOptions(), new GivenBrokerBridge(GivenBroker.Accepting));
        foreach (AtCommandDefinition command in modem.Commands.All)
        {
            yield return Encoding.ASCII.GetBytes($"AT{command.Name}\r");
            yield return Encoding.ASCII.GetBytes($"AT{command.Name}?\r");
            foreach (AtWriteShape shape in command.Writes)
            {
                yield return Encoding.ASCII.GetBytes($"AT{command.Name}={string.Join(',', shape.Parameters.Select(parameter => parameter.IsText ? "\"a\"" : "1"))}\r");
            }
        }
    }
}
