using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sim7600.Protocol.Grammar;

namespace Sim7600.Emulator.Lint;

/// <summary>Looks for secrets in topics, and shows topics without them.</summary>
internal sealed partial class TopicCheck(ModemLinter linter) : LintCheck(linter)
{
    /// <summary>Shorter passwords occur in topics by chance.</summary>
    private const int ShortestPassword = 6;

    private const string Stars = "****";

    /// <summary>The credentials of the last CONNECT of each client.</summary>
    private readonly string?[] _passwords = new string?[2];

    private readonly string?[] _clientIds = new string?[2];
    private readonly string?[] _willTopics = new string?[2];

    /// <summary>What may be shown of data.</summary>
    public string Describe(LintCommand command, byte[] data)
    {
        string size = string.Create(CultureInfo.InvariantCulture, $"({data.Length} bytes)");
        return IsTopic(command) && command.Name != "+CMQTTWILLTOPIC" /* CONNECT, with the password, comes later */ ? $"{Shown(LintWords.Text(data))} {size}" : size;
    }

    public override void CommandBegan(LintCommand command)
    {
        if (command.Client is not { } client)
        {
            return;
        }

        if (command.Name == "+CMQTTACCQ" && command.Arguments.Count > 1)
        {
            _clientIds[client] = command.Arguments[1].Text;
        }

        if (command.Name == "+CMQTTCONNECT")
        {
            string? user = command.Arguments.Count > 4 ? command.Arguments[4].Text : null;
            string? password = command.Arguments.Count > 5 ? command.Arguments[5].Text : null;

            // What names the device is no secret, wherever else it stands.
            _passwords[client] = password?.Length >= ShortestPassword && password != user && password != _clientIds[client] ? password : null;
            if (_willTopics[client] is { } topic && _passwords[client] is not null)
            {
                Judge(topic, "+CMQTTWILLTOPIC");
            }

            _willTopics[client] = null;
        }
    }

    public override void DataTaken(LintCommand command, byte[]? data)
    {
        if (data is null || !IsTopic(command))
        {
            return;
        }

        string topic = LintWords.Text(data);
        bool isFound = Judge(topic, command.Name);
        if (command.Name == "+CMQTTWILLTOPIC" && command.Client is { } client)
        {
            _willTopics[client] = isFound ? null : topic;
        }
    }

    private static bool IsTopic(LintCommand command) => command.Name is "+CMQTTTOPIC" or "+CMQTTWILLTOPIC" or "+CMQTTSUBTOPIC" or "+CMQTTSUB" or "+CMQTTUNSUBTOPIC" or "+CMQTTUNSUB";

    private bool Judge(string topic, string name)
    {
        bool holdsPassword = _passwords.Any(password => password is not null && topic.Contains(password, StringComparison.Ordinal));
        if (!holdsPassword && !Assignment().IsMatch(topic) && !WebToken().IsMatch(topic))
        {
            return false;
        }

        Linter.Find(LintRules.SecretInTopic, $"The topic of {LintWords.Shown(name)} holds {(holdsPassword ? "the password of CONNECT" : "what looks like a key, token or password")}: {Shown(topic)}");
        return true;
    }

    /// <summary>A topic for people. With a wrong length it may hold the commands behind it, and what is in those.</summary>
    private string Shown(string topic) => topic.Any(char.IsControl) || topic.Contains("AT+", StringComparison.OrdinalIgnoreCase)
        ? "(not shown, since there are commands in it)"
        : AtText.Escape(Encoding.UTF8.GetBytes(Mask(topic)));

    /// <summary>A text without the secrets in it.</summary>
    public string Mask(string topic)
    {
        foreach (string password in _passwords.OfType<string>())
        {
            topic = topic.Replace(password, Stars, StringComparison.Ordinal).Replace(AtText.Escape(Encoding.UTF8.GetBytes(password)), Stars, StringComparison.Ordinal);
        }

        return WebToken().Replace(Assignment().Replace(topic, $"$1{Stars}"), Stars);
    }

    /// <summary>A word for a secret with its value behind it; the word alone may be a door's key, and <c>key=left</c> one of a piano's.</summary>
    [GeneratedRegex(@"(?<![A-Za-z])((?:password|passwd|pwd|(?:api|access|auth|private|shared|secret|device)[-_]?(?:key|token|secret))[=:](?=[^/]{4})|(?:key|token|secret)[=:](?=[^/]*[0-9])(?=[^/]*[A-Za-z])(?=[^/]{8}))[^/]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();

    /// <summary>The beginning of a JSON web token.</summary>
    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{10,}[A-Za-z0-9_.-]*", RegexOptions.CultureInvariant)]
    private static partial Regex WebToken();
}
