using System.Globalization;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Emulator.Commands;

/// <summary>One shape of a command's write form: its parameters in order, and what runs when they fit.</summary>
internal sealed record AtWriteShape(IReadOnlyList<AtParameterDefinition> Parameters, Action<CommandRun> Run)
{
    /// <summary>Fewest parameters of this shape.</summary>
    public int Required => Parameters.Count(parameter => !parameter.IsOptional);

    /// <summary>True when the number of parameters fits.</summary>
    public bool Takes(int count) => count >= Required && count <= Parameters.Count;

    /// <summary>
    /// True when a character can stand in parameter <paramref name="index"/>: any in a text; in a number those of a number that
    /// has no more digits than the largest one.
    /// </summary>
    /// <param name="index">The parameter, from 0.</param>
    /// <param name="character">The character.</param>
    /// <param name="digits">Digits of the parameter so far, with this one.</param>
    public bool MayHold(int index, char character, int digits) => index < Parameters.Count && Parameters[index] switch
    {
        { IsText: true } => true,
        { MayBeHexadecimal: true } => char.IsAsciiHexDigit(character) || character is ' ' or '"' or 'x' or 'X',
        { Maximum: var maximum } => character is ' ' or '"' or '-'
            || (char.IsAsciiDigit(character) && digits <= maximum.ToString(CultureInfo.InvariantCulture).Length),
    };

    /// <summary>Checks parameters against the declaration.</summary>
    /// <returns>Null when they fit, else the first fault in the order of the parameters.</returns>
    public ArgumentFault? Check(ReadOnlySpan<AtArgument> arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            AtParameterDefinition parameter = Parameters[i];
            AtArgument argument = arguments[i];
            if (argument.IsEmpty)
            {
                if (!parameter.IsOptional)
                {
                    return ArgumentFault.Malformed;
                }

                continue;
            }

            bool fits = parameter.IsText
                ? argument.Bytes.Length >= parameter.Minimum && argument.Bytes.Length <= parameter.Maximum
                : parameter.TakesNumber(argument);
            if (!fits)
            {
                return parameter.IsClientIndex ? ArgumentFault.ClientIndex
                    : parameter.IsLength && argument is { Kind: AtParameterKind.Number, IsHexadecimal: false } ? ArgumentFault.Length
                    : ArgumentFault.Value;
            }
        }

        return null;
    }
}
