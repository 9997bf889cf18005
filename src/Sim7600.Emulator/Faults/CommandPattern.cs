using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Line;

namespace Sim7600.Emulator.Faults;

/// <summary>A command in all its forms (<c>AT+CSQ</c>) or in one (<c>AT+CREG?</c>, <c>AT+CREG=</c>, <c>AT+CREG=?</c>).</summary>
internal readonly record struct CommandPattern(string Name, AtForm? Form)
{
    public static bool IsValid(string text) =>
        text.StartsWith("AT", StringComparison.OrdinalIgnoreCase)
        && Split(text) is ({ Length: > 0 } name, _)
        && CommandName.Shown(name).Length == name.Length
        && name.Any(char.IsAsciiLetter);

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
}
