namespace Sim7600.Emulator;

/// <summary>One point where real devices differ, with the value a profile gives it and what shows that value.</summary>
/// <param name="Name">The knob: a property of <see cref="FirmwareProfile"/>.</param>
/// <param name="Value">Its value in the profile, as text.</param>
/// <param name="Meaning">What it decides.</param>
/// <param name="Evidence">The logs or manuals that show the value, or that it is inferred.</param>
public sealed record ProfileKnob(string Name, string Value, string Meaning, string Evidence);
