using Sim7600.Protocol.Results;

namespace Sim7600.Driver;

/// <summary>The modem refused a command: <c>ERROR</c>, <c>+CME ERROR: …</c> or <c>+CMS ERROR: …</c>.</summary>
public sealed class AtErrorException : AtException
{
    internal AtErrorException(string command, AtFinalResult result)
        : base($"{command} was refused: {Describe(result)}.", command, wasWritten: true) => Result = result;

    /// <summary>The final result.</summary>
    public AtFinalResult Result { get; }

    /// <summary>The CME or CMS number; null for a bare <c>ERROR</c> and for a text that no table lists.</summary>
    public int? Number => Result.Number;

    private static string Describe(AtFinalResult result) => result.Kind switch
    {
        AtFinalResultKind.CmeError => $"{Text(result)} (+CME ERROR{(result.Number is { } number ? $" {number}" : "")})",
        AtFinalResultKind.CmsError => $"{result.Text} (+CMS ERROR)",
        AtFinalResultKind.Error => "ERROR without a reason; the command is unknown to this firmware, a parameter is wrong, or the state does not allow it",
        _ => result.Text,
    };

    private static string Text(AtFinalResult result) =>
        result.Number is { } number && int.TryParse(result.Text, out _) ? CmeError.TextOf(number) : result.Text;
}
