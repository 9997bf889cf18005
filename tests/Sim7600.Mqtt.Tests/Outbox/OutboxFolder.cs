namespace Sim7600.Mqtt.Tests;

/// <summary>A folder of a test's own, with the name of an outbox in it.</summary>
internal sealed class OutboxFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sim7600-outbox-").FullName;

    public string File => System.IO.Path.Combine(Path, "out.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
