"""Workbooks in SharePoint through Microsoft Graph. May use the stores of files and of Excel."""
