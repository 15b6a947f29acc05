namespace Telemedicine.Web.Pages;

/// <summary>A page that holds a call: the only ones that may ask for camera and microphone.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CallPageAttribute : Attribute
{
    /// <summary>It can blur a background, which takes WebAssembly.</summary>
    public bool Blurs { get; init; }
}
