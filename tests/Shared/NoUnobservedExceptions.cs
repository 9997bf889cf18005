using System.Collections.Concurrent;

#pragma warning disable CA1050 // Outside every namespace, so that it watches the whole assembly.
/// <summary>Fails the run when a task failed and nobody looked: an error that a user would never see.</summary>
[SetUpFixture]
public sealed class NoUnobservedExceptions
{
    private static readonly ConcurrentQueue<Exception> Unobserved = new();

    [OneTimeSetUp]
    public void Watch() => TaskScheduler.UnobservedTaskException += (_, arguments) => Unobserved.Enqueue(arguments.Exception);

    [OneTimeTearDown]
    public void Look()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.That(Unobserved, Is.Empty);
    }
}
