using Sim7600.Links;

namespace Sim7600.Driver.Channel;

/// <summary>What was seen on the line while something was waited for.</summary>
internal sealed record LineObservation(
    string Port, SerialSettings? Settings, AtSymptom Symptom, TimeSpan Elapsed, long BytesReceived, bool EverHeard, TimeSpan? SilentFor, ReceivedTail Tail);
