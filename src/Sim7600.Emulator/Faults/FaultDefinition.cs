namespace Sim7600.Emulator.Faults;

/// <summary>What the vocabulary says of one kind of fault.</summary>
/// <param name="Group">The key that holds its name: <c>line</c>, <c>modem</c>, <c>network</c>, <c>broker</c> or <c>mqtt</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its record.</param>
/// <param name="Span">How long it is there.</param>
/// <param name="Meaning">What happens, for people.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Create">Makes the record of values in the order of the parameters.</param>
/// <param name="Values">The values of a record in the order of the parameters; numbers are <see cref="long"/>, and -1 for a time that is no whole millisecond.</param>
internal sealed record FaultDefinition(
    string Group,
    string Name,
    Type Type,
    FaultSpan Span,
    string Meaning,
    IReadOnlyList<FaultParameter> Parameters,
    Func<IReadOnlyList<object>, Fault> Create,
    Func<Fault, IReadOnlyList<object>> Values)
{
    /// <summary>True when <c>forMs</c> may be given.</summary>
    public bool MayLast => Span is FaultSpan.Lasting or FaultSpan.Next;

    /// <summary>The name with its group, for people.</summary>
    public string FullName => $"{Group} {Name}";
}
