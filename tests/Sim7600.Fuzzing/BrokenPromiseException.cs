using System.Runtime.CompilerServices;

namespace Sim7600.Fuzzing;

/// <summary>What must hold did not.</summary>
internal sealed class BrokenPromiseException(string message, Exception? cause = null) : Exception(message, cause)
{
    public static void Unless(bool holds, string message, [CallerArgumentExpression(nameof(holds))] string condition = "")
    {
        if (!holds)
        {
            throw new BrokenPromiseException($"{message} ({condition})");
        }
    }
}
