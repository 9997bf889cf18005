namespace Sim7600.Driver.Channel;

/// <summary>
/// One AT command and everything that says where its answer ends. Immutable, so it can be kept and sent again. Its text form is
/// the <see cref="RedactedText"/>: a secret never reaches a log through it.
/// </summary>
public sealed record AtCommand
{
    /// <summary>The time-out of a command that says nothing else.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Describes a command.</summary>
    /// <param name="text">The line without its CR, for example <c>AT+CSQ</c>. It is sent as UTF-8.</param>
    /// <exception cref="ArgumentException">The text is empty or has a CR, LF or NUL: that would be two commands or none.</exception>
    public AtCommand(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        if (text.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
        {
            throw new ArgumentException("A command is one line: CR, LF and NUL cannot be part of it.", nameof(text));
        }

        Text = text;
    }

    /// <summary>The line without its CR.</summary>
    public string Text { get; }

    /// <summary>The line as logs and exceptions may show it; null when <see cref="Text"/> holds no secret.</summary>
    public string? RedactedText { get; init; }

    /// <summary>How long the answer may take once the command is being written. Waiting for the turn does not count.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>
    /// How long the prompt of a command with <see cref="Data"/> may take, within <see cref="Timeout"/>. Units prompt within 10 ms whatever the
    /// network does (<c>cmqtt.md</c> 13), so a prompt that is missing is not waited for as long as an answer of the broker.
    /// </summary>
    public TimeSpan PromptTimeout { get; init; } = DefaultTimeout;

    /// <summary>
    /// How the lines of its answer start, for example <c>+CSQ:</c>. Empty when it has none; null when any line that is not
    /// unsolicited belongs to it, as for <c>AT+CGSN</c>, whose answer has no prefix.
    /// </summary>
    public IReadOnlyList<string>? InformationPrefixes { get; init; } = [];

    /// <summary>The result line that completes the command together with the final result, in either order; null when it has none.</summary>
    public AtResultLine? ResultLine { get; init; }

    /// <summary>The bytes to send once the modem has prompted with <c>&gt;</c>; null when it does not prompt.</summary>
    public ReadOnlyMemory<byte>? Data { get; init; }

    internal TimeSpan FirstTimeout => Data is not null && PromptTimeout < Timeout ? PromptTimeout : Timeout;

    internal bool Dials => Text.StartsWith("ATD", StringComparison.OrdinalIgnoreCase)
        || Text.StartsWith("ATA", StringComparison.OrdinalIgnoreCase)
        || Text.StartsWith("ATO", StringComparison.OrdinalIgnoreCase);

    // While such a command runs, a line that nobody understands may be a garbled echo of a password or a key.
    internal bool IsSensitive => RedactedText is not null || Data is not null;

    /// <summary>A query whose answer lines share one prefix.</summary>
    /// <param name="text">The command, for example <c>AT+CSQ</c>.</param>
    /// <param name="prefix">How its lines start, for example <c>+CSQ:</c>; null when they have no prefix.</param>
    /// <returns>The command.</returns>
    public static AtCommand Query(string text, string? prefix) => new(text) { InformationPrefixes = prefix is null ? null : [prefix] };

    /// <summary>The command as logs and exceptions may show it.</summary>
    public override string ToString() => RedactedText ?? Text;
}
