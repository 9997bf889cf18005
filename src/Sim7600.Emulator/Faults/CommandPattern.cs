using System.Text.RegularExpressions;
using Sim7600.Emulator.Line;

namespace Sim7600.Emulator.Faults;

/// <summary>A command in all its forms (<c>AT+CSQ</c>) or in one (<c>AT+CREG?</c>, <c>AT+CREG=</c>, <c>AT+CREG=?</c>).</summary>
internal readonly partial record struct CommandPattern(string Name, AtForm? Form)
{
    /// <summary>What such a text looks like: a regular expression as JSON Schema has them.</summary>
    public const string Syntax = @"^[Aa][Tt][+&$%^#*_\\]?(?=[0-9A-Za-z]{1,32}(=\?|[=?])?$)[0-9]*[A-Za-z][0-9A-Za-z]*(=\?|[=?])?$";

    public static bool IsValid(string text) => Valid().IsMatch(text) && !text.EndsWith('\n'); // before which $ matches too

    public static CommandPattern Parse(string text)
    {
        (string name, AtForm? form) = Split(text);
        return new CommandPattern(name.ToUpperInvariant(), form);
    }

    public bool Matches(AtInvocation invocation) => invocation.Name == Name && (Form is null || Form == invocation.Form);

    private static (string Name, AtForm? Form) Split(string text) => text[2..] switch
    {
        [.. var name, '=', '?'] => (name, AtForm.Test),
        [.. var name, '?'] => (name, AtForm.Read),
        [.. var name, '='] => (name, AtForm.Write),
        var name => (name, null),
    };

    [GeneratedRegex(Syntax, RegexOptions.CultureInvariant)]
    private static partial Regex Valid();
}
