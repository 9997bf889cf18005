namespace Sim7600.Driver;

/// <summary>The modem answered something that the command's answer cannot be. The channel gets back in step before the next command.</summary>
public sealed class AtUnexpectedAnswerException : AtException
{
    internal AtUnexpectedAnswerException(string command, string what)
        : base($"{command} got an answer that was not understood: {what}.", command, wasWritten: true)
    {
    }
}
