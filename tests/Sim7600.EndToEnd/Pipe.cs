using Sim7600.EndToEnd.Processes;

namespace Sim7600.EndToEnd;

/// <summary>A named pipe that is gone after the test.</summary>
internal sealed class Pipe : IDisposable
{
    private Pipe(string path) => Path = path;

    public string Path { get; }

    public static async Task<Pipe> MakeAsync()
    {
        var pipe = new Pipe(System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"sim7600-test-{Guid.NewGuid():N}"));
        await using ToolProcess make = ToolProcess.Start("mkfifo", pipe.Path);
        Assert.That(await make.ExitAsync(), Is.Zero, make.Errors);
        return pipe;
    }

    /// <summary>Opens this end; completes when the other is open too.</summary>
    public Task<FileStream> OpenAsync(FileAccess access) =>
        Task.Run(() => new FileStream(Path, FileMode.Open, access, FileShare.ReadWrite)).WaitAsync(ToolProcess.Patience);

    public void Dispose() => File.Delete(Path);
}
