using System.Globalization;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Emulator.Commands;

/// <summary>
/// One declared parameter: its name, what it takes and its range. Range checks and the <c>=?</c> answer both come from here.
/// </summary>
internal sealed record AtParameterDefinition
{
    private AtParameterDefinition(string name, bool isText, long minimum, long maximum)
    {
        Name = name;
        IsText = isText;
        Minimum = minimum;
        Maximum = maximum;
    }

    /// <summary>The manual's name of the parameter.</summary>
    public string Name { get; }

    /// <summary>True for a string, false for a whole number.</summary>
    public bool IsText { get; }

    /// <summary>Smallest number, or shortest string in bytes.</summary>
    public long Minimum { get; }

    /// <summary>Largest number, or longest string in bytes.</summary>
    public long Maximum { get; }

    /// <summary>A number outside the range that is allowed too, such as 0 for "no time-out".</summary>
    public long? Also { get; init; }

    /// <summary>The only numbers allowed, when they are no range.</summary>
    public IReadOnlyList<long>? OneOf { get; init; }

    /// <summary>True when the parameter may be left out, or left empty.</summary>
    public bool IsOptional { get; init; }

    /// <summary>True when the number may be written as <c>0x1F</c> too; plain numbers are decimal.</summary>
    public bool MayBeHexadecimal { get; init; }

    /// <summary>True when the number is a length of data that follows a prompt.</summary>
    public bool IsLength { get; init; }

    /// <summary>True when the number is a client index of the CMQTT family.</summary>
    public bool IsClientIndex { get; init; }

    /// <summary>What the test form shows instead of the range; an empty text leaves the parameter out.</summary>
    public string? TestText { get; init; }

    /// <summary>The parameter as an optional one.</summary>
    public AtParameterDefinition Optional => this with { IsOptional = true };

    /// <summary>The parameter as the test form shows it: <c>(0-1)</c>, <c>(0,60-180)</c>.</summary>
    public string RangeText => TestText
        ?? (OneOf is not null ? $"({string.Join(',', OneOf)})"
            : Also is { } also ? string.Create(CultureInfo.InvariantCulture, $"({also},{Minimum}-{Maximum})")
            : string.Create(CultureInfo.InvariantCulture, $"({Minimum}-{Maximum})"));

    /// <summary>A whole number.</summary>
    public static AtParameterDefinition Number(string name, long minimum, long maximum) => new(name, isText: false, minimum, maximum);

    /// <summary>A whole number out of a list.</summary>
    public static AtParameterDefinition Choice(string name, params long[] values) =>
        new(name, isText: false, values.Min(), values.Max()) { OneOf = values };

    /// <summary>A string; quotes around it may be missing, as real clients leave them out.</summary>
    public static AtParameterDefinition Text(string name, int minimum, int maximum) => new(name, isText: true, minimum, maximum);

    /// <summary>True for a number that is written as it must be and is in range.</summary>
    public bool TakesNumber(AtArgument argument) =>
        argument.Kind == AtParameterKind.Number && (MayBeHexadecimal || !argument.IsHexadecimal) && Allows(argument.Number);

    /// <summary>True when the number is in range.</summary>
    public bool Allows(long value) => OneOf is not null ? OneOf.Contains(value) : value == Also || (value >= Minimum && value <= Maximum);
}
