using System.Diagnostics;
using Sim7600.EndToEnd.Processes;

namespace Sim7600.Links.Tests.Posix;

/// <summary>A process in plain Python that has the port open or not, and does what it is told: <c>Scripts/port_client.py</c>.</summary>
internal sealed class PythonClient : IAsyncDisposable
{
    private readonly Process _process;

    private PythonClient(Process process)
    {
        _process = process;
    }

    public int ProcessId => _process.Id;

    /// <summary>Starts it; the port is not open yet.</summary>
    public static async Task<PythonClient> StartAsync(string port, CancellationToken cancellationToken)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Scripts", "port_client.py");
        var client = new PythonClient(Process.Start(
            new ProcessStartInfo(Tools.Python, [script, port]) { RedirectStandardInput = true, RedirectStandardOutput = true })!);
        Assert.That(await client.HearAsync(cancellationToken), Is.EqualTo("here"));
        return client;
    }

    /// <summary>Starts it and lets it open the port.</summary>
    public static async Task<PythonClient> OpenAsync(string port, CancellationToken cancellationToken)
    {
        PythonClient client = await StartAsync(port, cancellationToken);
        Assert.That(await client.DoAsync("open", cancellationToken), Is.EqualTo("open"));
        return client;
    }

    /// <summary>Tells it what to do and waits for the answer.</summary>
    public async Task<string> DoAsync(string what, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(what.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        return await HearAsync(cancellationToken);
    }

    /// <summary>Lets it read so many bytes.</summary>
    public async Task<byte[]> ReadAsync(int count, CancellationToken cancellationToken)
    {
        string answer = await DoAsync($"read {count}", cancellationToken);
        Assert.That(answer, Does.Match("^[0-9a-f]*$"), "not bytes alone");
        return Convert.FromHexString(answer);
    }

    /// <summary>Lets it write.</summary>
    public async Task WriteAsync(byte[] bytes, CancellationToken cancellationToken) =>
        Assert.That(await DoAsync($"write {Convert.ToHexString(bytes)}", cancellationToken), Is.EqualTo($"{bytes.Length}"));

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().WaitAsync(LinkReading.Patience);
        _process.Dispose();
    }

    private async Task<string> HearAsync(CancellationToken cancellationToken) =>
        await _process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new AssertionException("Python has ended; its stderr says why");
}
