namespace Sim7600.Simulation.Interleaving;

/// <summary>Where in what a modem printed another line may stand: between its lines, never inside of one or inside of counted data.</summary>
internal static class ModemOutput
{
    public static List<int> Gaps(byte[] output)
    {
        var gaps = new List<int> { 0 };
        int at = 0;
        while (at < output.Length)
        {
            at = EndOfUnit(output, at);
            gaps.Add(at);
        }

        return gaps;
    }

    private static int EndOfUnit(byte[] output, int at)
    {
        ReadOnlySpan<byte> rest = output.AsSpan(at);
        if (rest.StartsWith("\r\n>"u8))
        {
            return at + 3;
        }

        if (rest.StartsWith("\r\n+CMQTTRXSTART:"u8))
        {
            return at + rest.IndexOf("+CMQTTRXEND:"u8) + "+CMQTTRXEND: 0\r\n".Length; // one message is one block (cmqtt.md 7.1)
        }

        int lead = rest.StartsWith("\r\n"u8) ? 2 : 0;
        int end = rest[lead..].IndexOf("\r\n"u8);
        return end < 0 ? output.Length : at + lead + end + 2;
    }
}
