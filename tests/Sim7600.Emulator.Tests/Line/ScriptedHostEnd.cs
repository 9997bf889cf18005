using Sim7600.Emulator.Line;

namespace Sim7600.Emulator.Tests.Line;

/// <summary>A host's port that says what the test wants.</summary>
internal sealed class ScriptedHostEnd : IHostEnd
{
    private readonly List<(int BaudRate, bool HardwareFlowControl)> _applied = [];

    public int? BaudRate { get; set; }

    public int? Unread { get; set; }

    public IReadOnlyList<(int BaudRate, bool HardwareFlowControl)> Applied => _applied;

    public void Apply(int baudRate, bool hardwareFlowControl) => _applied.Add((baudRate, hardwareFlowControl));
}
