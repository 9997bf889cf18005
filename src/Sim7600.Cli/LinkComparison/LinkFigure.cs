namespace Sim7600.Cli.LinkComparison;

/// <summary>One property of a link in words, and where it comes from.</summary>
/// <param name="Name">What it is, such as <c>power</c>.</param>
/// <param name="Value">The figures with their units.</param>
/// <param name="Source">Document and place; <c>assumed</c> where none is known.</param>
internal sealed record LinkFigure(string Name, string Value, string Source);
