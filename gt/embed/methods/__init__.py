"""The methods: what makes a picture of a layer."""
