namespace Telemedicine.Web.Pages;

/// <summary>A page that holds a call: the only ones that may ask for camera and microphone.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CallPageAttribute : Attribute;
