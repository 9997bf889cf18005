using System.Globalization;
using System.Text;

namespace Sim7600.Protocol.Results;

/// <summary>
/// The line that ends a command. A line is a final result only when it matches whole: <c>OK</c> ends a command,
/// <c>OKAY</c> and <c>OK 1</c> are text.
/// </summary>
/// <param name="Kind">What the line says.</param>
/// <param name="Number">The CME or CMS number, also when the modem showed it as text; null when there is none or it is not known.</param>
/// <param name="Text">The line, or for CME and CMS errors what follows the colon.</param>
public readonly record struct AtFinalResult(AtFinalResultKind Kind, int? Number, string Text)
{
    /// <summary>True for <c>OK</c> and <c>CONNECT</c>.</summary>
    public bool IsSuccess => Kind is AtFinalResultKind.Ok or AtFinalResultKind.Connect;

    /// <summary>Decides whether a line ends a command.</summary>
    /// <param name="line">The line without CR LF.</param>
    /// <param name="result">The final result, valid when the answer is true.</param>
    /// <returns>True when the whole line is a final result.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out AtFinalResult result)
    {
        result = default;
        if (line.SequenceEqual("OK"u8))
        {
            result = new AtFinalResult(AtFinalResultKind.Ok, null, "OK");
            return true;
        }

        if (line.SequenceEqual("ERROR"u8))
        {
            result = new AtFinalResult(AtFinalResultKind.Error, null, "ERROR");
            return true;
        }

        if (line.StartsWith("+CME ERROR:"u8))
        {
            string text = TextAfterColon(line);
            result = new AtFinalResult(AtFinalResultKind.CmeError, ParseNumber(text) ?? CmeError.NumberOf(text), text);
            return true;
        }

        if (line.StartsWith("+CMS ERROR:"u8))
        {
            string text = TextAfterColon(line);
            result = new AtFinalResult(AtFinalResultKind.CmsError, ParseNumber(text), text);
            return true;
        }

        if (line.SequenceEqual("NO CARRIER"u8) || line.SequenceEqual("NO DIALTONE"u8) || line.SequenceEqual("NO ANSWER"u8)
            || line.SequenceEqual("BUSY"u8) || line.SequenceEqual("CONNECT FAIL"u8))
        {
            result = new AtFinalResult(AtFinalResultKind.ConnectionFailed, null, Encoding.ASCII.GetString(line));
            return true;
        }

        if (line.SequenceEqual("CONNECT"u8) || (line.StartsWith("CONNECT "u8) && line["CONNECT ".Length..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0))
        {
            result = new AtFinalResult(AtFinalResultKind.Connect, null, Encoding.ASCII.GetString(line));
            return true;
        }

        return false;
    }

    private static int? ParseNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static string TextAfterColon(ReadOnlySpan<byte> line) =>
        Encoding.UTF8.GetString(line[(line.IndexOf((byte)':') + 1)..]).Trim();
}
