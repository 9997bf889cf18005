using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sim7600.Cli.Output;
using Sim7600.Emulator;
using Sim7600.Emulator.Lint;

namespace Sim7600.Cli.Emulate;

/// <summary>
/// The report of the linter in a file: there from the start, replaced as a whole soon after each finding, and once more when the
/// emulator has ended. The modems never wait for it.
/// </summary>
internal sealed partial class LintOutput
{
    /// <summary>Changes within this time are written together.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly Option<string?> File = new("--lint") { Description = "report what the firmware got right by luck: .txt, .json or .xml (JUnit), - for stderr (see sim7600 lint-rules)", HelpName = "FILE" };
    private static readonly Option<string?> Format = new("--lint-format") { Description = "text, json or junit, when the name of the file does not say it", HelpName = "FORMAT" };

    private static readonly Option<string?> Fail = new("--lint-fail")
    {
        Description = "exit code 1 when the linter found an error, or with 'warning' anything",
        HelpName = "error|warning",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly TimeSpan PipePatience = TimeSpan.FromSeconds(5);

    private static readonly Option<int> RecoveryTime = new("--lint-recovery-time")
    {
        Description = "seconds that the firmware may do nothing about a loss",
        HelpName = "S",
        DefaultValueFactory = _ => (int)new LintOptions().RecoveryTime.TotalSeconds,
    };

    private static readonly Option<int> AnswerTime = new("--lint-answer-time")
    {
        Description = "milliseconds that the modem takes to answer while the linter listens",
        HelpName = "MS",
        DefaultValueFactory = _ => (int)new LintOptions().AnswerTime.TotalMilliseconds,
    };

    private readonly string? _path;
    private readonly LintFormat _format;
    private readonly LintSeverity? _failsFrom;
    private readonly ILogger _log;
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Sim7600Emulator? _emulator;
    private Task _writing = Task.CompletedTask;

    private LintOutput(string? path, LintFormat format, LintSeverity? failsFrom, TimeSpan recoveryTime, TimeSpan answerTime, ILogger log)
    {
        _path = path;
        _format = format;
        _failsFrom = failsFrom;
        _log = log;
        Options = new LintOptions { RecoveryTime = recoveryTime, AnswerTime = answerTime, Changed = () => _changes.Writer.TryWrite(true) };
    }

    /// <summary>The options of the command line.</summary>
    public static IEnumerable<Option> CommandLine => [File, Format, Fail, RecoveryTime, AnswerTime];

    /// <summary>What the emulator must be told.</summary>
    public LintOptions Options { get; }

    /// <summary>Reads the command line.</summary>
    /// <returns>Null when no report is asked for.</returns>
    /// <exception cref="UsageException">The options make no sense.</exception>
    public static LintOutput? Of(ParseResult parsed, ILogger log)
    {
        if (parsed.GetValue(File) is not { } file)
        {
            foreach (Option option in CommandLine.Where(option => parsed.GetResult(option) is { Implicit: false }))
            {
                throw new UsageException($"{option.Name} needs --lint FILE: without it nothing listens.");
            }

            return null;
        }

        int recovery = parsed.GetValue(RecoveryTime);
        int answer = parsed.GetValue(AnswerTime);
        return new LintOutput(
            file == "-" ? null : Path.GetFullPath(file.Length == 0 ? throw new UsageException("--lint takes the name of a file, or - for stderr.") : file),
            FormatOf(file, parsed.GetValue(Format)),
            parsed.GetResult(Fail) is { Implicit: false } ? SeverityOf(parsed.GetValue(Fail)) : null,
            recovery is >= 1 and <= 86_400 ? TimeSpan.FromSeconds(recovery) : throw new UsageException($"{RecoveryTime.Name} takes 1 to 86400 seconds, not {recovery}."),
            answer is >= 0 and <= 1000 ? TimeSpan.FromMilliseconds(answer) : throw new UsageException($"{AnswerTime.Name} takes 0 to 1000 milliseconds, not {answer}."),
            log);
    }

    /// <summary>Writes the first report and keeps it current.</summary>
    /// <exception cref="CommandFailedException">The file cannot be written.</exception>
    public void Open(Sim7600Emulator emulator)
    {
        _emulator = emulator;
        if (_path is not null && IsPlain(_path))
        {
            Write();
            _writing = Task.Run(KeepCurrentAsync);
        }
    }

    /// <summary>Writes the last report, once the emulator has ended.</summary>
    /// <exception cref="CommandFailedException">The file cannot be written, or there are findings that the user wants to fail for.</exception>
    public async Task CloseAsync()
    {
        _changes.Writer.TryComplete();
        _closing.TrySetResult();
        await _writing;
        Write();
        LintReport report = _emulator!.GetLintReport();
        long errors = report.Count(LintSeverity.Error);
        long warnings = report.Count(LintSeverity.Warning);
        string found = string.Create(CultureInfo.InvariantCulture, $"the linter found {errors} error{(errors == 1 ? "" : "s")} and {warnings} warning{(warnings == 1 ? "" : "s")}");
        if (_failsFrom is { } from && report.Rules.Any(result => result.Count > 0 && result.Rule.Severity >= from))
        {
            string[] rules = [.. report.Rules.Where(result => result.Count > 0 && result.Rule.Severity >= from).Select(result => result.Rule.Id)];
            throw new CommandFailedException($"The firmware did what fails on a real modem: {found} ({string.Join(", ", rules)}). {(_path is null ? "The report is above." : $"The report is {_path}.")}");
        }

        LogEnd(found, _path ?? "stderr");
    }

    private static LintFormat FormatOf(string file, string? named) => named?.ToUpperInvariant() switch
    {
        "TEXT" => LintFormat.Text,
        "JSON" => LintFormat.Json,
        "JUNIT" => LintFormat.JUnit,
        not null => throw new UsageException($"{Format.Name} takes text, json or junit, not '{named}'."),
        null => Path.GetExtension(file).ToUpperInvariant() switch
        {
            ".TXT" => LintFormat.Text,
            ".JSON" => LintFormat.Json,
            ".XML" => LintFormat.JUnit,
            _ when file == "-" => LintFormat.Text,
            _ => throw new UsageException($"The name of '{file}' does not say how to write the report: end it with .txt, .json or .xml, or give {Format.Name}."),
        },
    };

    private static LintSeverity SeverityOf(string? word) => word?.ToUpperInvariant() switch
    {
        null or "ERROR" => LintSeverity.Error,
        "WARNING" => LintSeverity.Warning,
        _ => throw new UsageException($"{Fail.Name} takes error or warning, not '{word}'."),
    };

    private async Task KeepCurrentAsync()
    {
        while (await _changes.Reader.WaitToReadAsync())
        {
            _changes.Reader.TryRead(out _);
            try
            {
                Write();
            }
            catch (CommandFailedException error)
            {
                LogUnwritten(error.Message);
            }

            await Task.WhenAny(Task.Delay(Pause), _closing.Task);
        }
    }

    private void Write()
    {
        LintReport report = _emulator!.GetLintReport();
        string text = _format switch
        {
            LintFormat.Json => report.ToJson(),
            LintFormat.JUnit => report.ToJUnitXml(_failsFrom ?? LintSeverity.Error),
            _ => report.ToText(),
        };
        if (_path is null)
        {
            Console.Error.Write(text);
            return;
        }

        string unfinished = string.Create(CultureInfo.InvariantCulture, $"{_path}.{Environment.ProcessId}.tmp");
        try
        {
            if (IsPlain(_path))
            {
                string target = new FileInfo(_path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : _path;
                System.IO.File.WriteAllText(unfinished, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
                System.IO.File.Move(unfinished, target, overwrite: true);
            }
            else
            {
                WriteOnce(_path, text); // a pipe, or /dev/stdout: at the end
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            DeleteIfThere(unfinished);
            string reason = error switch
            {
                DirectoryNotFoundException => "its folder does not exist",
                _ when Directory.Exists(_path) => "it is a folder",
                UnauthorizedAccessException => "you may not write there",
                _ => OneLine.Of(error.Message).TrimEnd('.'),
            };
            throw new CommandFailedException($"The report of the linter cannot be written to '{_path}': {reason}. Name another file with --lint.");
        }
    }

    /// <summary>Opening a pipe waits for its reader, and a reader that went to sleep takes nothing.</summary>
    private static void WriteOnce(string path, string text)
    {
        using var limit = new CancellationTokenSource(PipePatience);
        try
        {
            PatientFile.RunAsync(Write, limit.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new IOException($"nobody has read it for {PipePatience.TotalSeconds:F0} s");
        }

        bool Write()
        {
            System.IO.File.WriteAllText(path, text);
            return true;
        }
    }

    /// <summary>False for what cannot be replaced by another file: pipes, devices, sockets.</summary>
    private static bool IsPlain(string path) => FileKind.IsRegularOrMissing(path);

    private static void DeleteIfThere(string path)
    {
        try
        {
            System.IO.File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // it was never made, or stays as it is
        }
    }

    [LoggerMessage(EventId = 4002, Level = LogLevel.Error, Message = "{Reason} The modems go on")]
    private partial void LogUnwritten(string reason);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Information, Message = "Closed: {Found}; the report is {File}")]
    private partial void LogEnd(string found, string file);
}
