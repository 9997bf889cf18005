using System.Text;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Line;
using Sim7600.Protocol.Grammar;
using Sim7600.Protocol.Results;
using Sim7600.Protocol.Urcs;
using static Sim7600.Fuzzing.BrokenPromiseException;

namespace Sim7600.Fuzzing.Targets;

/// <summary>One line, read as parameters, as an answer and as a command.</summary>
internal sealed class ParametersTarget : IFuzzTarget
{
    /// <inheritdoc/>
    public string Name => "parameters";

    /// <inheritdoc/>
    public string Meaning => "any line as parameters, result, URC and command line: no exception, an end, and what was read can be written and read again";

    /// <inheritdoc/>
    public int LongestInput => 2_000;

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Words { get; } =
    [
        .. UrcTable.All.Select(urc => Encoding.ASCII.GetBytes(urc.Prefix)),
        .. ((string[])["AT", "=?", "?", "=", ",", "\"", "\"\"", ";", "0x", "+CME ERROR: ", "+CMS ERROR: ", "CONNECT 115200", "S3=", "&F", "D*99#;"]).Select(Encoding.ASCII.GetBytes),
    ];

    /// <inheritdoc/>
    public IEnumerable<byte[]> Seeds => SessionBytes.Lines();

    /// <inheritdoc/>
    public Task RunAsync(byte[] input)
    {
        ReadParameters(input);
        _ = AtArgument.ReadAll(input);
        _ = CommandLineParser.Parse(input);
        _ = AtFinalResult.TryParse(input, out _);
        _ = UrcTable.TryMatch(input, out _);
        Unless(UrcTable.CountedBytesAfter(input) >= -1, "a count is a count, or wrong");
        _ = UrcTable.IsRegistrationUrc(input);
        string shown = AtText.Escape(input, 100);
        Unless(shown.All(each => each is (>= ' ' and < (char)0x7F) or '…'), "what people see is printable");
        return Task.CompletedTask;
    }

    private static void ReadParameters(byte[] input)
    {
        var reader = new AtParameterReader(input);
        int count = 0;
        while (reader.TryRead(out AtParameter parameter))
        {
            count++;
            Unless((parameter.Kind == AtParameterKind.Number) == parameter.TryGetNumber(out long number), "a number is a number");
            if (parameter.Kind == AtParameterKind.Number)
            {
                var again = new AtParameterReader(Encoding.ASCII.GetBytes(new AtCommandWriter("+X").Number(number).ToString()["AT+X=".Length..]));
                Unless(again.TryReadNumber(out long read) && read == number, "a written number reads as itself");
            }
            else if (parameter.Kind == AtParameterKind.Text)
            {
                WriteText(parameter.ToString());
            }
        }

        Unless(count <= input.Count(each => each == ',') + 1, "no more parameters than commas allow");
        Unless(!reader.TryRead(out _), "the end is the end");
    }

    private static void WriteText(string text)
    {
        string written;
        try
        {
            written = new AtCommandWriter("+X").Text(text).ToString()["AT+X=".Length..];
        }
        catch (ArgumentException)
        {
            return; // a CR, LF or NUL between quotes: read leniently, never written
        }

        var again = new AtParameterReader(Encoding.UTF8.GetBytes(written));
        Unless(again.TryRead(out AtParameter parameter) && parameter.ToString() == text && !again.TryRead(out _) && !again.IsMalformed, "a written text reads as itself");
    }
}
