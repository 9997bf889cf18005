namespace Sim7600.Cli.LinkComparison;

/// <summary>What the node sends, the same over every link.</summary>
/// <param name="Payload">Bytes of one reading.</param>
/// <param name="Topic">MQTT topic of the readings.</param>
/// <param name="Period">Time between two readings.</param>
/// <param name="KeepAlive">MQTT keep-alive; zero for none.</param>
/// <param name="Readings">How many readings are drawn.</param>
/// <param name="Seed">Where the chance of losses comes from.</param>
/// <param name="Loss">Share of lost frames or packets, 0 to below 1, for every link; null for each link's own.</param>
/// <param name="BatteryWattHours">What the radio may use up.</param>
internal sealed record LinkWorkload(
    int Payload, string Topic, TimeSpan Period, TimeSpan KeepAlive, int Readings, int Seed, double? Loss, double BatteryWattHours);
