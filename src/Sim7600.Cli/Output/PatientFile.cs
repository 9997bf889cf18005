namespace Sim7600.Cli.Output;

/// <summary>
/// Files that may be pipes, as <c>/dev/stdin</c> and <c>&lt;(…)</c> are: opening and reading one waits for its other end, and no call that
/// waits there can be cancelled. The wait for it can: the thread stays behind and ends with the process.
/// </summary>
internal static class PatientFile
{
    /// <summary>Runs what opens or reads a file.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled while the other end let it wait.</exception>
    public static Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) => Task.Run(work, CancellationToken.None).WaitAsync(cancellationToken);
}
