namespace Sim7600.Driver.Features;

/// <summary>The operator that the modem is registered with.</summary>
/// <param name="Name">Long or short name, or the five or six digits, as the modem shows it; names can be padded or doubled.</param>
/// <param name="AccessTechnology">0 GSM, 2 UMTS, 7 LTE (<c>core.md</c> 6); null when the modem does not say.</param>
public sealed record NetworkOperator(string Name, int? AccessTechnology);
