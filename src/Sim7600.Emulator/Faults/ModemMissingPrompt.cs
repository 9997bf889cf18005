namespace Sim7600.Emulator.Faults;

/// <summary>
/// The modem takes the data of the next prompt without showing the prompt. A host that gives up and sends a command finds
/// it taken as data.
/// </summary>
public sealed record ModemMissingPrompt : Fault;
