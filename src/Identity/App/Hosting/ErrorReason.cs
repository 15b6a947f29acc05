namespace Telemedicine.Identity.Hosting;

/// <summary>A request feature: the sentence that the error page shows in place of its general one. It never repeats what the request said.</summary>
public sealed record ErrorReason(string Text);
