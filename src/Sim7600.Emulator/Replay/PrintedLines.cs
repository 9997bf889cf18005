namespace Sim7600.Emulator.Replay;

/// <summary>
/// What a modem printed, as a transcript shows it: lines without CR LF, without empty lines and without the echo of what was
/// typed; a prompt is a line of its own.
/// </summary>
internal sealed class PrintedLines
{
    private readonly Queue<string> _lines = new();
    private readonly List<string> _echoes = [];
    private string _rest = "";

    public int Count => _lines.Count;

    public bool TryTake(out string line) => _lines.TryDequeue(out line!);

    /// <summary>What was just typed: its echo is not a line.</summary>
    public void Typed(string text) => _echoes.Add(text);

    public void Add(string printed)
    {
        _rest += printed;
        foreach (string echo in _echoes)
        {
            int position = _rest.IndexOf(echo, StringComparison.Ordinal);
            _rest = position < 0 ? _rest : _rest.Remove(position, echo.Length);
        }

        _echoes.Clear();
        int start = 0;
        while (_rest.IndexOf('\n', start) is >= 0 and int end)
        {
            string line = _rest[start..end].TrimEnd('\r');
            start = end + 1;
            if (line.Trim().Length > 0)
            {
                _lines.Enqueue(line);
            }
        }

        _rest = _rest[start..];
        if (_rest.TrimEnd() == ">")
        {
            _lines.Enqueue(">");
            _rest = "";
        }
    }
}
