using System.Text;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Emulator.Commands;

/// <summary>One parameter as the host sent it.</summary>
internal readonly record struct AtArgument(AtParameterKind Kind, byte[] Bytes, long Number)
{
    /// <summary>True when nothing was written between the commas.</summary>
    public bool IsEmpty => Kind == AtParameterKind.Empty;

    /// <summary>True for a number that was written as <c>0x1F</c>.</summary>
    public bool IsHexadecimal => Kind == AtParameterKind.Number && Bytes is [(byte)'0', (byte)'x' or (byte)'X', ..];

    /// <summary>The parameter as text.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Splits a parameter list.</summary>
    /// <returns>The parameters, or null when the syntax is broken.</returns>
    public static AtArgument[]? ReadAll(ReadOnlySpan<byte> parameters)
    {
        var list = new List<AtArgument>();
        var reader = new AtParameterReader(parameters);
        while (reader.TryRead(out AtParameter parameter))
        {
            _ = parameter.TryGetNumber(out long number);
            list.Add(new AtArgument(parameter.Kind, parameter.Value.ToArray(), number));
        }

        return reader.IsMalformed ? null : [.. list];
    }
}
