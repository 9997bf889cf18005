using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Line;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Emulator.Lint;

/// <summary>A command as the checks see it.</summary>
/// <param name="Name">In capitals, without <c>AT</c>.</param>
/// <param name="Form">Its form.</param>
/// <param name="Arguments">The parameters of a write form; empty when they cannot be read.</param>
/// <param name="Line">The line that it stood in.</param>
internal sealed record LintCommand(string Name, AtForm Form, IReadOnlyList<AtArgument> Arguments, HostLine Line)
{
    /// <summary>True for the write and the bare form: what changes something.</summary>
    public bool Acts => Form is AtForm.Write or AtForm.Execute;

    /// <summary>True for a command of the MQTT client that changes something.</summary>
    public bool IsMqtt => Acts && Name.StartsWith("+CMQTT", StringComparison.Ordinal);

    /// <summary>True for the commands of the clean-up.</summary>
    public bool IsCleanUp => Acts && Name is "+CMQTTDISC" or "+CMQTTREL" or "+CMQTTSTOP";

    /// <summary>Index of the CMQTT client; null for START and STOP, and where it cannot be read.</summary>
    public int? Client => IsMqtt && Arguments is [{ Kind: AtParameterKind.Number, Number: >= 0 and <= 1 } index, ..] ? (int)index.Number : null;

    public static LintCommand Of(AtInvocation invocation, HostLine line) =>
        new(invocation.Name, invocation.Form, invocation.Form == AtForm.Write ? AtArgument.ReadAll(invocation.Parameters) ?? [] : [], line);
}
