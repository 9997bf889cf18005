using System.Globalization;
using Sim7600.Emulator.Scenarios;

namespace Sim7600.Emulator.Faults;

/// <summary>
/// One parameter of a fault or of a trigger. Its value is an <see cref="int"/> or a <see cref="string"/>, as in JSON;
/// <paramref name="Default"/> null means that it must be given.
/// </summary>
internal sealed record FaultParameter(string Name, FaultValueKind Kind, string Meaning, int Minimum = 0, int Maximum = 0, object? Default = null, IReadOnlyList<string>? Words = null)
{
    /// <summary>What may stand there, for people.</summary>
    public string Range => Kind switch
    {
        FaultValueKind.Word => string.Join(", ", Words!),
        FaultValueKind.Text or FaultValueKind.Line or FaultValueKind.Command => string.Create(CultureInfo.InvariantCulture, $"{Minimum} to {Maximum} characters"),
        FaultValueKind.Milliseconds => string.Create(CultureInfo.InvariantCulture, $"{Minimum} to {Maximum} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Minimum} to {Maximum}"),
    };

    /// <summary>Reads the value.</summary>
    /// <exception cref="ScenarioException">It is out of range or of another kind.</exception>
    public object Read(JsonDocumentNode node)
    {
        switch (Kind)
        {
            case FaultValueKind.Word:
                return node.AsWord(Name, Words!.ToDictionary(word => word));
            case FaultValueKind.Text or FaultValueKind.Line or FaultValueKind.Command:
                string text = node.AsText(Name);
                return Kind == FaultValueKind.Command && !CommandPattern.IsValid(text)
                    ? throw node.Wrong($"the name of a command with AT, such as AT+CMQTTPUB, for one form with ?, = or =? behind it, for {Name}")
                    : IsText(text) ? text : throw node.Wrong($"{Range}, none of them a control character{(Kind == FaultValueKind.Text ? " but LF" : ", thus one line")}, for {Name}");
            default:
                return node.AsNumber(Name, Minimum, Maximum);
        }
    }

    /// <summary>Checks a value that came as an object.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public void Check(object value, string owner)
    {
        bool fits = Kind switch
        {
            FaultValueKind.Word => Words!.Contains(value),
            FaultValueKind.Text or FaultValueKind.Line or FaultValueKind.Command => IsText((string)value),
            _ => value is long number && number >= Minimum && number <= Maximum,
        };
        if (!fits)
        {
            throw new ArgumentOutOfRangeException(Name, value, $"{Name} of {owner} is {Range}{Kind switch
            {
                FaultValueKind.Milliseconds => ", whole ones",
                FaultValueKind.Text => ", none of them a control character but LF",
                FaultValueKind.Line or FaultValueKind.Command => ", none of them a control character",
                _ => "",
            }}.");
        }
    }

    /// <summary>Characters as Unicode and JSON Schema count them: one outside the basic plane is one.</summary>
    private bool IsText(string text)
    {
        int length = text.EnumerateRunes().Count();
        return length >= Minimum && length <= Maximum && !text.Any(each => char.IsControl(each) && !(each == '\n' && Kind == FaultValueKind.Text));
    }
}
