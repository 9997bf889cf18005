using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace Sim7600.EndToEnd.Processes;

/// <summary>A real process: its lines as they come, its end, and a limit on every wait.</summary>
internal sealed class ToolProcess : IAsyncDisposable
{
    /// <summary>Far above what any step takes, so that only a hang reaches it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _errorLines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _all = new();
    private readonly StringBuilder _errors = new();
    private readonly Task _reading;

    private ToolProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadOutputAsync(), ReadErrorsAsync());
    }

    public string Output
    {
        get
        {
            lock (_all)
            {
                return _all.ToString();
            }
        }
    }

    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    public static ToolProcess Start(string file, params IEnumerable<string> arguments) => StartWith(new Dictionary<string, string>(), file, arguments);

    /// <summary>Starts a program with more in its environment.</summary>
    public static ToolProcess StartWith(IReadOnlyDictionary<string, string> environment, string file, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ToolProcess(Process.Start(start)!);
    }

    /// <summary>The host of .NET programs that runs this test.</summary>
    public static string DotNet => Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";

    /// <summary>The tool under test.</summary>
    public static string Tool => Path.Combine(AppContext.BaseDirectory, "Sim7600.Cli.dll");

    /// <summary>A program of <c>samples</c>.</summary>
    public static string Sample(string name) => Path.Combine(AppContext.BaseDirectory, $"{name}.dll");

    /// <summary>Starts the tool under test as its user does, as a process of its own.</summary>
    public static ToolProcess Sim7600(params IEnumerable<string> arguments) => Sim7600With(new Dictionary<string, string>(), arguments);

    /// <summary>The same with more in its environment.</summary>
    public static ToolProcess Sim7600With(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments) =>
        StartWith(environment, DotNet, [Tool, .. arguments]);

    /// <summary>Starts a shell command in which <c>$SIM7600</c> is the tool under test.</summary>
    public static ToolProcess Shell(string command) =>
        StartWith(new Dictionary<string, string> { ["SIM7600"] = $"{DotNet} {Tool}" }, "/bin/sh", "-c", command);

    /// <summary>Waits for a line of stdout that fits; earlier lines are skipped.</summary>
    public Task<string> LineAsync(Func<string, bool> fits, string what) => LineAsync(_lines.Reader, fits, what);

    public Task<string> LineAsync(string text) => LineAsync(line => line.Contains(text, StringComparison.Ordinal), text);

    /// <summary>Waits for a line of stderr that contains a text; earlier lines are skipped.</summary>
    public Task<string> ErrorLineAsync(string text) => LineAsync(_errorLines.Reader, line => line.Contains(text, StringComparison.Ordinal), text);

    /// <summary>Writes a line to stdin.</summary>
    public async Task TypeAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Writes bytes to stdin.</summary>
    public async Task TypeBytesAsync(byte[] bytes)
    {
        await _process.StandardInput.BaseStream.WriteAsync(bytes);
        await _process.StandardInput.BaseStream.FlushAsync();
    }

    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits for the end.</summary>
    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new AssertionException($"{_process.StartInfo.FileName} did not end. stdout: '{Output}' stderr: '{Errors}'");
        }

        await _reading;
        return _process.ExitCode;
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Waits for the end and demands success.</summary>
    public async Task SucceedAsync() => Assert.That(await ExitAsync(), Is.Zero, $"stdout: {Output} stderr: {Errors}");

    /// <summary>Sends a signal, <c>TERM</c>, <c>INT</c> or <c>KILL</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _reading;
        _process.Dispose();
    }

    private async Task<string> LineAsync(ChannelReader<string> lines, Func<string, bool> fits, string what)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            while (true)
            {
                string line = await lines.ReadAsync(limit.Token);
                if (fits(line))
                {
                    return line;
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ChannelClosedException)
        {
            throw new AssertionException($"{_process.StartInfo.FileName} never printed {what}. stdout: '{Output}' stderr: '{Errors}'");
        }
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_all)
            {
                _all.AppendLine(line);
            }

            _lines.Writer.TryWrite(line);
        }

        _lines.Writer.TryComplete();
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_errors)
            {
                _errors.AppendLine(line);
            }

            _errorLines.Writer.TryWrite(line);
        }

        _errorLines.Writer.TryComplete();
    }
}
