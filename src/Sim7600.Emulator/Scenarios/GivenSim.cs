namespace Sim7600.Emulator.Scenarios;

/// <summary>The card at the start of a session.</summary>
internal enum GivenSim
{
    Ready,
    Absent,
    Pin,
    Puk,

    /// <summary>Being read: it becomes ready by itself.</summary>
    Busy,
}
